import type { AirflowVersion } from '../../spec/environment.ts';
import type { DagDefinition } from '../dag.ts';
import { airflow211 } from './2.11/target.ts';
import { airflow33Dates } from './3.3/dates.ts';
import { airflow33 } from './3.3/target.ts';
import type { Target } from './target.ts';

const TARGETS: Readonly<Record<AirflowVersion, Target>> = { '2.11': airflow211, '3.3': airflow33 };

const BY_DATES: Readonly<Record<AirflowVersion, Target>> = { '2.11': airflow211, '3.3': airflow33Dates };

/** The one that a DAG is written for. */
export function targetOf({ airflow, partitions }: Pick<DagDefinition, 'airflow' | 'partitions'>): Target {
  return partitions === 'dates' ? BY_DATES[airflow] : TARGETS[airflow];
}
