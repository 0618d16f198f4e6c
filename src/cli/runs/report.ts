import type { Rows } from '../../runtime/receipt.ts';
import { groupText } from '../../spec/slice-group.ts';
import { plural } from '../print.ts';
import { table } from '../table.ts';
import type { DescribedRun, DescribedStep } from './describe-run.ts';
import type { Held } from './held.ts';

/** One line a run, the latest first. */
export function list(runs: readonly DescribedRun[], more: number): string[] {
  const rows = runs.map((run) => [
    run.pipeline,
    run.partition,
    run.run,
    moment(run.started_at),
    run.status,
    run.steps.map(word).join(' '),
    count(run.rows.received),
    count(run.rows.loaded),
    run.seconds.toFixed(1),
  ]);
  const head = [
    'pipeline',
    'partition',
    'run',
    'began (UTC)',
    'status',
    'steps',
    'received',
    'loaded',
    'seconds',
  ];
  const lines = table(head, rows);
  return more === 0 ? lines : [...lines, '', `${plural(more, 'older run')} not shown: --limit shows more`];
}

/** The whole chain of one run of a partition. */
export function chain(run: DescribedRun, held: Held | undefined): string[] {
  const parts = run.steps.flatMap((step) => [
    { ...step, name: step.step },
    ...(step.groups ?? []).map((one) => ({ ...one, name: `  ${one.step} ${groupText(one.group)}` })),
  ]);
  const rows = parts.map((step) => [
    step.name,
    step.exit === null || step.exit === 0 ? step.status : `${step.status} (${step.exit})`,
    String(step.try_number),
    moment(step.started_at),
    step.seconds === null ? '' : step.seconds.toFixed(1),
    count(step.requests),
    counts(step.rows),
  ]);
  return [
    `${run.pipeline} of ${run.partition}: ${run.status}`,
    `run ${run.run}${run.run_id === null ? '' : `, ${run.run_id}`}`,
    '',
    ...table(['step', 'status', 'try', 'began (UTC)', 'seconds', 'requests', 'rows'], rows),
    '',
    ...parts.flatMap(said),
    ...(held === undefined ? [] : [`warehouse: ${inWords(held)}`]),
  ];
}

function inWords({ load, note }: Held): string {
  if (load === 'newest') return 'this load is the newest of its partition';
  if (load === 'older') return `a later load of the partition is committed, ${note}`;
  if (load === 'missing') return `it has no record of this load; the newest of the partition: ${note}`;
  return `not asked for its load records: ${note}`;
}

function said({ name, message, load_id, artefacts }: DescribedStep & { name: string }): string[] {
  return [
    ...(message === '' ? [] : [`${name.trim()}: ${message.replaceAll(/\s+/g, ' ')}`]),
    ...(load_id === undefined ? [] : [`  load id ${load_id}`]),
    ...Object.values(artefacts ?? {}).map((name) => `  ${name}`),
  ];
}

/** Only a step that is not done needs a word. */
function word({ step, status }: DescribedStep): string {
  return status === 'done' ? step : `${step}:${status}`;
}

function counts(rows: Rows): string {
  const known = Object.entries(rows).filter(([, value]) => value > 0);
  return known.map(([name, value]) => `${count(value)} ${name}`).join(', ');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function moment(time: string | null): string {
  return time === null ? '' : time.slice(0, 19).replace('T', ' ');
}
