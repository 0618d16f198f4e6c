import type { DbtCloud } from '../../spec/dbt.ts';
import type { DagDefinition, TaskDefinition } from '../dag.ts';
import { call, type Expression, imported, list, literal, tall } from '../python/expression.ts';
import { message } from './alerts/message.ts';
import { timedelta } from './duration.ts';
import { taskArguments } from './task-arguments.ts';

/** The operator gives up later than Airflow: its own limit leaves the job running, and a retry would meet it. */
const MARGIN_SECONDS = 300;
/** Between two questions after the job. */
const CHECK_SECONDS = 30;

/** The step dbt where dbt Cloud runs it; undefined for every other. */
export function dbtCloudTask(dag: DagDefinition, task: TaskDefinition): Expression | undefined {
  const { dbtCloud, step, timeoutSeconds } = task;
  if (dbtCloud === undefined) return undefined;
  const operator = imported('airflow.providers.dbt.cloud.operators.dbt', 'DbtCloudRunJobOperator');
  const commands = commandsOf(dbtCloud).map((one) => message(one, dag, 'plain'));
  return tall(
    call(
      operator,
      [],
      [
        ['task_id', literal(step)],
        ['dbt_cloud_conn_id', literal(dbtCloud.connection)],
        ['job_id', literal(dbtCloud.job_id)],
        ...(commands.length === 0 ? [] : ([['steps_override', list(commands)]] as const)),
        ['wait_for_termination', literal(dbtCloud.wait)],
        ['timeout', literal(Math.ceil(timeoutSeconds) + MARGIN_SECONDS)],
        ['check_interval', literal(CHECK_SECONDS)],
        ['deferrable', literal(false)],
        ['do_xcom_push', literal(false)],
        ...taskArguments(task),
        ['execution_timeout', timedelta(timeoutSeconds)],
      ],
    ),
  );
}

/** dbt Cloud has no place for variables but a command, which it divides as a shell would. */
function commandsOf({ commands, variables }: DbtCloud): string[] {
  const entries = Object.entries(variables ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return commands ?? [];
  const json = JSON.stringify(Object.fromEntries(entries)).replaceAll("'", '\\u0027');
  return (commands ?? []).map((one) => `${one} --vars '${json}'`);
}
