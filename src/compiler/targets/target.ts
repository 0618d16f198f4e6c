import type { AirflowVersion } from '../../spec/environment.ts';
import type { AssetReference, DagDefinition, Schedule } from '../dag.ts';
import type { Expression, Keywords } from '../python/expression.ts';
import type { Fragment, Python } from '../python/python.ts';

/** How one Airflow says what every DAG has to say. Only the folder of a version knows the version. */
export interface Target {
  readonly version: AirflowVersion;
  readonly dag: Expression;
  readonly param: Expression;
  readonly task: Expression;
  /** Value of `retry_exponential_backoff` that doubles each delay. */
  readonly doubling: Expression;
  asset(asset: AssetReference): Expression;
  /** @param assets names of the constants of `schedule.assets` */
  schedule(schedule: Schedule, assets: readonly Expression[]): Expression;
  partitions(dag: DagDefinition): PartitionsTemplate;
  /** Statements that publish `partitions` to the asset, whose event is `event`. */
  readonly publish: readonly Python[];
  readonly operators: Readonly<Record<'kubernetes' | 'process', StepOperator>>;
}

export interface PartitionsTemplate {
  /** Lines for the comment above. */
  readonly comment: readonly string[];
  /** Jinja; renders to a comma-separated list of dates and nothing else. */
  readonly template: string;
}

/** An operator that fails at once on an exit code that a retry can't mend. */
export interface StepOperator {
  readonly operator: Expression;
  /** Classes that the file needs for it. */
  readonly definitions: readonly Fragment[];
  readonly settings: Keywords;
}
