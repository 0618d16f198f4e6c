import type { DagDefinition, TaskDefinition } from '../../dag.ts';
import type { Expression } from '../../python/expression.ts';
import type { Fragment } from '../../python/python.ts';
import type { StepOperator } from '../target.ts';

/** What a launcher adds to a file. */
export interface LaunchedSteps {
  readonly definitions: readonly Fragment[];
  readonly constants: readonly Fragment[];
  task(task: TaskDefinition): Expression;
}

export type Lowering = (
  dag: DagDefinition,
  operator: StepOperator,
  identifier: (wanted: string) => string,
) => LaunchedSteps;
