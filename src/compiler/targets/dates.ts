import type { DagDefinition, Schedule } from '../dag.ts';
import { call, chain, type Expression, list, literal, NONE } from '../python/expression.ts';
import { python } from '../python/python.ts';
import { BY_HAND, lastClosedDay, lookbackComment, partitionList } from './partition-list.ts';
import type { PartitionsTemplate, Target } from './target.ts';

/** What an Airflow calls the things that the way of dates needs. */
export interface DatesWords {
  readonly cronTimetable: Expression;
  /** The asset of somebody else. */
  readonly foreign: (uri: string) => Expression;
  /** Jinja: events by asset. */
  readonly events: string;
  /** Jinja: the instant at which the run's data interval begins. */
  readonly interval: string;
  /** Jinja: the instant at which the run was started. */
  readonly started: string;
}

/**
 * Partitions as a convention: the day of the data interval, and a list of dates in the extra of asset events. Airflow
 * merges the events that come before a run starts; each brings its own list, so no day is lost.
 */
export function byDates(
  words: DatesWords,
): Pick<Target, 'schedule' | 'startDate' | 'partitions' | 'publish'> {
  return {
    schedule: (schedule, assets) => scheduleOf(words, schedule, assets),
    startDate: ({ startDate }) => startDate,
    partitions: (dag) => partitions(words, dag),
    publish: [python('event.extra = {"partitions": partitions}')],
  };
}

function scheduleOf(words: DatesWords, schedule: Schedule, assets: readonly Expression[]): Expression {
  if (schedule.kind === 'manual') return NONE;
  if (schedule.kind === 'asset') return list([words.foreign(schedule.uri)]);
  if (schedule.kind === 'after') {
    if (assets.length === 1) return list(assets);
    return chain(schedule.mode === 'all' ? '&' : '|', assets, true);
  }
  return call(words.cronTimetable, [literal(schedule.cron)], [['timezone', literal(schedule.timezone)]]);
}

function partitions(words: DatesWords, dag: DagDefinition): PartitionsTemplate {
  if (dag.schedule.kind === 'manual') return BY_HAND;
  if (dag.schedule.kind === 'asset') return lastClosedDay(words.started);
  if (dag.schedule.kind === 'after') {
    return {
      comment: [
        'The days a run works on: the one asked for in the trigger form, else every day that the pipelines before',
        'this one have published since its last run. The step refuses to run without any.',
      ],
      template: `
{%- set published = ${words.events}.values() | sum(start=[])
    | map(attribute='extra.partitions', default='') | select | join(',') -%}
{{- params.partition or published.split(',') | unique | sort | join(',') -}}
`,
    };
  }
  return {
    comment: [
      'The day a run works on: the one asked for in the trigger form, else the first day of the data interval.',
      ...lookbackComment(dag.lookback),
    ],
    template: partitionList(
      `params.partition or ${words.interval}.astimezone(dag.timezone) | ds`,
      dag.lookback,
    ),
  };
}
