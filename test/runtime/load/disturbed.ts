import type { Work } from '../../../src/runtime/context.ts';
import type { Job } from '../../../src/spec/job.ts';
import { openRig, type Rig } from '../upload/rig.ts';
import { flightsJob, loaded, loadRecords, tableRows, uploaded } from './rig.ts';
import type { Attempt, Scenario } from './scenarios.ts';

/** A table with the rows from before, the load that is to be disturbed, and the one that wakes too late. */
export interface Disturbed extends Disposable {
  readonly rig: Rig;
  readonly job: Job;
  readonly attempt: Work;
  readonly stale: Work;
}

export async function openScenario(scenario: Scenario): Promise<Disturbed> {
  const job = flightsJob({
    columns: [
      { name: 'id', from: ['id'], type: 'integer' },
      { name: 'note', from: ['note'] },
      { name: 'seen', from: ['seen'], type: 'timestamp' },
    ],
    checks: [{ row_count: { min: 1 } }],
    ...scenario.job,
  });
  const rig = openRig(job);
  const upload = ({ records, ...extraction }: Attempt) => uploaded(rig.context, records, extraction);
  for (const one of scenario.before) await loaded(rig.context, await upload(one));
  return {
    rig,
    job,
    attempt: await upload(scenario.attempt),
    stale: await upload(scenario.stale),
    [Symbol.dispose]: () => rig[Symbol.dispose](),
  };
}

/** What others see: rows as a scenario writes them, and the number of load records. */
export async function stateOf(home: string): Promise<{ rows: string[]; records: number }> {
  const rows = await tableRows(home);
  return {
    rows: rows.map(({ partition, id, note }) => `${partition} ${id} ${note}`).sort(),
    records: (await loadRecords(home)).length,
  };
}

/** The two states that a scenario may have, the load being done or not. */
export function statesOf(scenario: Scenario) {
  const records = scenario.before.length;
  return { old: { rows: scenario.old, records }, new: { rows: scenario.new, records: records + 1 } };
}
