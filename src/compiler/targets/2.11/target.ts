import { call, imported, literal, name } from '../../python/expression.ts';
import { byDates } from '../dates.ts';
import type { Target } from '../target.ts';
import { podStep, processStep } from './step.ts';
import { tellOfRun } from './tell-of-run.ts';

const DATASET = imported('airflow.datasets', 'Dataset');

/** Knows no partitions, so it goes by dates. */
export const airflow211: Target = {
  version: '2.11',
  dag: imported('airflow.models.dag', 'DAG'),
  param: imported('airflow.models.param', 'Param'),
  task: imported('airflow.decorators', 'task'),
  doubling: literal(true),
  asset: (asset) => call(DATASET, [literal(asset.uri)]),
  ...byDates({
    cronTimetable: imported('airflow.timetables.interval', 'CronDataIntervalTimetable'),
    foreign: (uri) => call(DATASET, [literal(uri)]),
    events: 'triggering_dataset_events',
    interval: 'data_interval_start',
    started: 'logical_date',
  }),
  tellOfRun,
  operators: {
    kubernetes: { operator: name('Step'), definitions: [podStep], settings: [] },
    process: { operator: name('Step'), definitions: processStep, settings: [] },
  },
};
