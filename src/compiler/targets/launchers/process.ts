import type { ProcessLauncher } from '../../../spec/environment.ts';
import { EXIT } from '../../../spec/exit-codes.ts';
import { dictionary, literal, name, tall } from '../../python/expression.ts';
import { assign } from '../../python/statement.ts';
import { timedelta } from '../duration.ts';
import { taskArguments } from '../task-arguments.ts';
import { stepEnvironment, untemplated } from './environment.ts';
import type { Lowering } from './launcher.ts';
import { stepTask } from './mapped.ts';

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
      stepTask(
        operator,
        task,
        {
          keyword: 'bash_command',
          value: (words) => literal([untemplated(launcher.command), ...words].join(' ')),
        },
        (command) => [
          ['task_id', literal(task.step)],
          ...command,
          ...taskArguments(task),
          ['execution_timeout', timedelta(task.timeoutSeconds)],
          ['**', name('PROCESS')],
        ],
      ),
  });
}
