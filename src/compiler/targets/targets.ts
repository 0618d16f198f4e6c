import type { AirflowVersion } from '../../spec/environment.ts';
import { airflow211 } from './2.11/target.ts';
import { airflow33 } from './3.3/target.ts';
import type { Target } from './target.ts';

export const TARGETS: Readonly<Record<AirflowVersion, Target>> = { '2.11': airflow211, '3.3': airflow33 };
