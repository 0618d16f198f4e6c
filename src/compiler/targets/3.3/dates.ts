import { imported } from '../../python/expression.ts';
import { byDates } from '../dates.ts';
import type { Target } from '../target.ts';
import { airflow33, foreignAsset } from './target.ts';

/** The way of 2.11, for DAGs that listen with `schedule=[asset]`: a keyed event starts none of them. */
export const airflow33Dates: Target = {
  ...airflow33,
  ...byDates({
    cronTimetable: imported('airflow.sdk', 'CronDataIntervalTimetable'),
    foreign: foreignAsset,
    events: 'triggering_asset_events',
    // A run by hand may have no logical date, and then it has no interval.
    interval: `(dag_run.data_interval_start
    or dag_run.run_after - macros.timedelta(days=1))`,
    started: 'dag_run.run_after',
  }),
};
