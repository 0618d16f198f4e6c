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
  /** The `start_date` with which the first run is for the first day, `2026-01-01` or `2026-01-01T00:01`: local time. */
  startDate(dag: DagDefinition): string;
  partitions(dag: DagDefinition): PartitionsTemplate;
  /** Statements that publish `partitions` to the asset, whose event is `event`. */
  readonly publish: readonly Python[];
  /**
   * The function `tell_of_run(notify, context)`, called when a run has failed: calls `notify` for a run that no task
   * has told of, with the task that was at work as `ti`.
   */
  readonly tellOfRun: Fragment;
  /**
   * What tells of a run that takes longer than that; undefined where the Airflow has no deadlines.
   * @param notifier its class
   * @param entries its arguments by name
   */
  readonly deadline?: (seconds: number, notifier: Expression, entries: Keywords) => Expression;
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
