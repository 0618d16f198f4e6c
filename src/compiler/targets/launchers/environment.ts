import { dictionary, type Expression, literal, name } from '../../python/expression.ts';

/**
 * Who runs, for the runtime. The job comes last: Airflow's rendered view and serialisation cut long texts.
 * @param more of the spec; only for pods
 */
export function stepEnvironment(more: Readonly<Record<string, string>> = {}): Expression {
  return dictionary([
    ...Object.entries(more).map(([key, value]) => [key, literal(untemplated(unexpanded(value)))] as const),
    ['PIPEGEN_PARTITIONS', name('PARTITIONS')],
    ['PIPEGEN_DAG_ID', literal('{{ dag.dag_id }}')],
    ['PIPEGEN_TASK_ID', literal('{{ ti.task_id }}')],
    ['PIPEGEN_RUN_ID', literal('{{ run_id }}')],
    ['PIPEGEN_TRY_NUMBER', literal('{{ ti.try_number }}')],
    ['PIPEGEN_MAX_TRIES', literal('{{ ti.max_tries }}')],
    ['PIPEGEN_JOB', name('JOB')],
  ]);
}

/** Kubernetes takes `$(NAME)` for another variable's value and `$$` for one dollar. */
function unexpanded(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/**
 * A text for a templated field that must reach the task as it stands: `{{`, `{%` and `{#` open nothing, no `\r`
 * becomes `\n`, and the line break at the end, which Jinja drops, is kept.
 */
export function untemplated(text: string): string {
  const printed = { '{': "{{ '{' }}", '\r': "{{ '\\r' }}", '\n': "{{ '\\n' }}" };
  return text.replace(/\{(?=[{%#])|\r|\n$/g, (one) => printed[one as keyof typeof printed]);
}
