import { dictionary, type Expression, literal, name } from '../../python/expression.ts';

/** Who runs, for the runtime. The job comes last: Airflow's rendered view and serialisation cut long texts. */
export const STEP_ENVIRONMENT: Expression = dictionary([
  ['PIPEGEN_PARTITIONS', name('PARTITIONS')],
  ['PIPEGEN_DAG_ID', literal('{{ dag.dag_id }}')],
  ['PIPEGEN_TASK_ID', literal('{{ ti.task_id }}')],
  ['PIPEGEN_RUN_ID', literal('{{ run_id }}')],
  ['PIPEGEN_TRY_NUMBER', literal('{{ ti.try_number }}')],
  ['PIPEGEN_MAX_TRIES', literal('{{ ti.max_tries }}')],
  ['PIPEGEN_JOB', name('JOB')],
]);

/** A text for a templated field that must reach the task as it stands: `{{`, `{%` and `{#` open nothing. */
export function untemplated(text: string): string {
  return text.replace(/\{(?=[{%#])/g, "{{ '{' }}");
}
