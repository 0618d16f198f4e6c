import type { DagDefinition } from '../dag.ts';
import type { DagDiff } from './diff.ts';
import { inFlight } from './in-flight.ts';
import type { Subject } from './meaning.ts';
import { versionOf } from './version.ts';

/** What follows from a change. The kinds are part of the JSON format. */
export interface Consequence {
  readonly kind:
    | 'new_version'
    | 'no_version'
    | 'starts'
    | 'in_flight'
    | 'history'
    | 'partitions'
    | 'rows'
    | 'place'
    | 'no_effect';
  /** Sentences for people. */
  readonly text: string;
  /** Partitions from this day on should be run again. */
  readonly backfillFrom?: string;
}

/** @param after undefined for a removed one */
export function consequencesOf(
  diff: Omit<DagDiff, 'consequences'>,
  after: DagDefinition | undefined,
): Consequence[] {
  if (diff.status === 'unchanged') return [];
  if (after === undefined) return ofRemoved(diff.dag);
  if (diff.status === 'added') return ofNew(after);
  if (diff.status === 'rewritten') return ofRewritten(after);
  const data = ofData(diff, after);
  if (diff.status === 'renamed') return [...ofNew(after), ...ofRenamed(diff, after), ...data];
  const onlyText = diff.changes.length > 0 && diff.changes.every(({ subject }) => subject === 'text');
  if (onlyText || diff.changes.length === 0) return [versionOf(diff.changes, after), NO_EFFECT];
  return [
    versionOf(diff.changes, after),
    inFlight(diff.jobChanged, after),
    ...ofAirflow(diff, after),
    ...ofStart(diff, after),
    ...data,
  ];
}

const NO_EFFECT: Consequence = {
  kind: 'no_effect',
  text: 'Nothing that runs, and nothing that is loaded, becomes different.',
};

function ofRemoved(id: string): Consequence[] {
  return [
    {
      kind: 'history',
      text: `Its runs stay in Airflow’s database under "${id}", out of sight; \`airflow dags delete ${id}\` would remove them. Its tables, files and receipts stay where they are.`,
    },
    {
      kind: 'in_flight',
      text: 'A run in flight gets no further tasks: let it end before the file goes.',
    },
  ];
}

function ofNew(dag: DagDefinition): Consequence[] {
  const every = dag.catchup && dag.schedule.kind === 'cron';
  const then = every ? ` Once unpaused, Airflow runs every schedule since ${dag.startDate} (catchup).` : '';
  return [
    {
      kind: 'starts',
      text: `Airflow doesn’t know "${dag.dagId}" yet: it appears paused unless dags_are_paused_at_creation says otherwise.${then}`,
    },
  ];
}

function ofRenamed({ renamedFrom = '' }: Pick<DagDiff, 'renamedFrom'>, after: DagDefinition): Consequence[] {
  const asks = after.tasks.some(({ step }) => step === 'extract');
  const landing = asks
    ? ` So do landing, receipts and records of loads: a partition that was landed as "${renamedFrom}" is asked for again.`
    : '';
  return [
    {
      kind: 'history',
      text: `The runs of "${renamedFrom}" stay under that name, out of sight, and "${after.dagId}" begins without any.${landing}`,
    },
    {
      kind: 'in_flight',
      text: `A run of "${renamedFrom}" in flight gets no further tasks: let it end before the file goes.`,
    },
  ];
}

function ofRewritten(dag: DagDefinition): Consequence[] {
  const text =
    'The file on disk is not what a build writes, though the definition is the same: another version of pipegen wrote it, or a person changed it.';
  const version =
    dag.airflow === '2.11' ? '' : ' Airflow makes a new DAG version if what it stores of the file differs.';
  return [{ kind: 'no_effect', text: text + version }];
}

function ofAirflow(diff: Pick<DagDiff, 'changes'>, { airflow }: DagDefinition): Consequence[] {
  if (!diff.changes.some(({ subject }) => subject === 'airflow')) return [];
  const text = `The file is written for Airflow ${airflow} and imports in no other: deploy it together with that.`;
  return [{ kind: 'starts', text }];
}

function ofStart(diff: Pick<DagDiff, 'changes'>, after: DagDefinition): Consequence[] {
  const paths = diff.changes.map(({ path }) => path);
  // Airflow doesn't find the runs of before: those with a partition key have no date, the others no key.
  const turned = paths.some((path) => ['catchup', 'start_date', 'partitions'].includes(path));
  if (!turned || !after.catchup || after.schedule.kind !== 'cron') return [];
  return [
    {
      kind: 'starts',
      text: `Airflow runs every schedule since ${after.startDate} that has no run (catchup).`,
    },
  ];
}

function ofData({ changes }: Pick<DagDiff, 'changes'>, after: DagDefinition): Consequence[] {
  const about = (subject: Subject) =>
    changes.filter((one) => one.subject === subject).map(({ path }) => path);
  const backfillFrom = after.startDate;
  const again = howToRunAgain(after);
  const found: Consequence[] = [];
  const partitions = about('partitions');
  if (partitions.length > 0) {
    const text = `Partitions mean something else (${partitions.join(', ')}): those loaded before hold what they held. ${again}`;
    found.push({ kind: 'partitions', text, backfillFrom });
  }
  const place = about('place');
  if (place.length > 0) {
    const text = `What was written before stays at the old place (${place.join(', ')}); the new one begins empty. ${again}`;
    found.push({ kind: 'place', text, backfillFrom });
  }
  const rows = about('rows');
  if (rows.length > 0) {
    const text = `Rows are made another way (${rows.join(', ')}): partitions loaded before keep theirs until they are run again.`;
    found.push({ kind: 'rows', text });
  }
  return found;
}

function howToRunAgain({ schedule, startDate }: DagDefinition): string {
  return schedule.kind === 'cron'
    ? `Backfill from ${startDate} (start_date) is advised.`
    : `Backfill from ${startDate} (start_date) is advised: by triggering each day as the parameter "partition".`;
}
