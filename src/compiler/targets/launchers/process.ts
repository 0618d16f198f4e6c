import type { ProcessLauncher } from '../../../spec/environment.ts';
import { EXIT } from '../../../spec/exit-codes.ts';
import { call, dictionary, literal, name, tall } from '../../python/expression.ts';
import { assign } from '../../python/statement.ts';
import { timedelta } from '../duration.ts';
import { taskArguments } from '../task-arguments.ts';
import { stepEnvironment, untemplated } from './environment.ts';
import type { Lowering } from './launcher.ts';

/** BashOperator; what the runtime needs besides (PIPEGEN_HOME, PATH, secrets) is the worker's environment. */
export function processLauncher(launcher: ProcessLauncher): Lowering {
  return (_dag, { operator, definitions, settings }) => ({
    definitions,
    constants: [
      assign(
        'PROCESS',
        tall(
          dictionary([
            ['env', stepEnvironment()],
            ['append_env', literal(true)],
            ['skip_on_exit_code', literal(EXIT.nothing)],
            ['do_xcom_push', literal(false)],
            ...settings,
          ]),
        ),
        ['What every step of this pipeline has in common, beside the environment of the worker.'],
      ),
    ],
    task: (task) =>
      tall(
        call(
          operator,
          [],
          [
            ['task_id', literal(task.step)],
            ['bash_command', literal(`${untemplated(launcher.command)} ${task.step}`)],
            ...taskArguments(task),
            ['execution_timeout', timedelta(task.timeoutSeconds)],
            ['**', name('PROCESS')],
          ],
        ),
      ),
  });
}
