import type { DagDefinition } from '../../dag.ts';
import { call, chain, imported, list, literal, NONE, name } from '../../python/expression.ts';
import { python } from '../../python/python.ts';
import { BY_HAND, lastClosedDay, lookbackComment, partitionList } from '../partition-list.ts';
import type { PartitionsTemplate, Target } from '../target.ts';
import { podStep, processStep } from './step.ts';

const DATASET = imported('airflow.datasets', 'Dataset');

/** Partitions are a convention: the day of the data interval, and a list in the extra of dataset events. */
export const airflow211: Target = {
  version: '2.11',
  dag: imported('airflow.models.dag', 'DAG'),
  param: imported('airflow.models.param', 'Param'),
  task: imported('airflow.decorators', 'task'),
  doubling: literal(true),
  asset: (asset) => call(DATASET, [literal(asset.uri)]),
  schedule: (schedule, assets) => {
    if (schedule.kind === 'manual') return NONE;
    if (schedule.kind === 'asset') return list([call(DATASET, [literal(schedule.uri)])]);
    if (schedule.kind === 'after') {
      if (assets.length === 1) return list(assets);
      return chain(schedule.mode === 'all' ? '&' : '|', assets, true);
    }
    return call(
      imported('airflow.timetables.interval', 'CronDataIntervalTimetable'),
      [literal(schedule.cron)],
      [['timezone', literal(schedule.timezone)]],
    );
  },
  partitions,
  publish: [python('event.extra = {"partitions": partitions}')],
  operators: {
    kubernetes: { operator: name('Step'), definitions: [podStep], settings: [] },
    process: { operator: name('Step'), definitions: processStep, settings: [] },
  },
};

function partitions(dag: DagDefinition): PartitionsTemplate {
  if (dag.schedule.kind === 'manual') return BY_HAND;
  if (dag.schedule.kind === 'asset') {
    return lastClosedDay('logical_date');
  }
  if (dag.schedule.kind === 'after') {
    return {
      comment: [
        'The days a run works on: the one asked for in the trigger form, else every day that the pipelines before',
        'this one have published since its last run. The step refuses to run without any.',
      ],
      template: `
{%- set published = triggering_dataset_events.values() | sum(start=[])
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
      'params.partition or data_interval_start.astimezone(dag.timezone) | ds',
      dag.lookback,
    ),
  };
}
