import type { PartitionsTemplate } from './target.ts';

/**
 * Jinja for the list of a scheduled run: its day and, if the schedule itself started it, the days before. A day that
 * was asked for, a backfill and a run by hand work on that day alone.
 * @param day Jinja expression of the run's own day, the parameter included
 */
export function partitionList(day: string, lookback: number): string {
  if (lookback === 0) return `\n{{- ${day} -}}\n`;
  return `
{%- set day = ${day} -%}
{%- set lookback = ${lookback} if dag_run.run_type == 'scheduled' and not params.partition else 0 -%}
{%- for days in range(-lookback, 1) -%}
    {{ macros.ds_add(day, days) }}{{ '' if loop.last else ',' }}
{%- endfor -%}
`;
}

/** The sentence of the comment about it. */
export function lookbackComment(lookback: number): string[] {
  if (lookback === 0) return [];
  return [
    `A run that the schedule started works on the ${lookback === 1 ? 'day' : `${lookback} days`} before it, too.`,
  ];
}

/**
 * A DAG of somebody else knows nothing of our partitions. Nor could it tell: a run that is started by a reference to an
 * asset does not get to know its events (Airflow 3.3.2).
 * @param started Jinja expression of the instant at which the run was
 */
export function lastClosedDay(started: string): PartitionsTemplate {
  const closed = `(${started} - macros.timedelta(days=1)).astimezone(dag.timezone) | ds`;
  return {
    comment: [
      'The day a run works on: the one asked for in the trigger form, else the last one that was over when the run',
      'was started.',
    ],
    template: `
{{- params.partition
    or ${closed} -}}
`,
  };
}

/** Without a schedule there is only the day that was asked for; the runtime refuses an empty list. */
export const BY_HAND = {
  comment: [
    'The day a run works on: the one asked for in the trigger form. The step refuses to run without it.',
  ],
  template: "{{ params.partition or '' }}",
} as const;
