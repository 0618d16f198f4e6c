import { groupsOf, groupText } from '../../../spec/slice-group.ts';
import type { TaskDefinition } from '../../dag.ts';
import {
  attribute,
  call,
  type Expression,
  type Keywords,
  list,
  methodCall,
  tall,
} from '../../python/expression.ts';

/** What a step runs, as an argument of its operator. */
export interface Command {
  readonly keyword: string;
  /** @param words the step; of a group of slices its share behind it */
  value(words: readonly string[]): Expression;
}

/**
 * The task of a step, or, where several containers share it, a mapped task: over a list that is known when the file is
 * written, so that nothing is asked for at run time.
 *
 * @param keywords of the operator, with the command in its place, or with nothing there
 */
export function stepTask(
  operator: Expression,
  { step, pods }: TaskDefinition,
  { keyword, value }: Command,
  keywords: (command: Keywords) => Keywords,
): Expression {
  if (pods === undefined) return tall(call(operator, [], keywords([[keyword, value([step])]])));
  const shared = tall(call(attribute(operator, 'partial'), [], keywords([])));
  const commands = groupsOf(pods).map((group) => value([step, groupText(group)]));
  return methodCall(shared, 'expand', [[keyword, list(commands)]]);
}
