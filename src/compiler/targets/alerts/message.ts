import { type AlertEvent, type AlertPlaceholder, isAlertPlaceholder } from '../../../spec/alerts.ts';
import { placeholders } from '../../../spec/template.ts';
import type { DagDefinition } from '../../dag.ts';
import { atom, call, type Expression, list, literal, name } from '../../python/expression.ts';
import { python } from '../../python/python.ts';
import { untemplated } from '../launchers/environment.ts';

/** What becomes of a text: HTML escapes it, breaks its lines and makes the log a link. */
export type Form = 'plain' | 'html';

/** Jinja that is no white space and prints nothing. */
const NOTHING = "{{ '' }}";

/**
 * A text of the spec as a Python expression for a template field of a notifier. Its `${…}` are filled in, those of
 * the run by Jinja; every other character arrives as it was written.
 * @param event what is told of: of a deadline Airflow says less about the run
 */
export function message(
  text: string,
  dag: DagDefinition,
  form: Form,
  event: AlertEvent = 'on_failure',
): Expression {
  const known = placeholders(text).filter(({ expression }) => isAlertPlaceholder(expression));
  // The texts around the list of partitions, which is a constant of the file.
  const around = [''];
  let end = 0;
  const append = (jinja: string) => around.push((around.pop() ?? '') + jinja);
  for (const { expression, offset, length } of known) {
    append(quoted(text.slice(end, offset), form));
    if (expression === 'partition' && event === 'on_deadline') append(printed(PARTITION_OF_RUN, form));
    else if (expression === 'partition') around.push('');
    else append(jinjaOf(expression as Exclude<AlertPlaceholder, 'partition'>, dag, form));
    end = offset + length;
  }
  append(quoted(text.slice(end), form));

  const operands = around.flatMap((one, at) => {
    // That list trims white space on both of its sides, but not beyond an expression.
    const before = at > 0 && /^\s/.test(one) ? NOTHING : '';
    const after = at < around.length - 1 && /\s$/.test(one) ? NOTHING : '';
    const whole = before + one + after;
    return [...(at > 0 ? [name('PARTITIONS')] : []), ...(whole === '' ? [] : [literal(whole)])];
  });
  const [only] = operands;
  if (operands.length < 2) return only ?? literal('');
  // Not by `+`: how ruff breaks its lines depends on the width of every character.
  return call(atom(python('"".join')), [list(operands)]);
}

function jinjaOf(
  placeholder: Exclude<AlertPlaceholder, 'partition'>,
  dag: DagDefinition,
  form: Form,
): string {
  switch (placeholder) {
    case 'pipeline':
      return quoted(dag.dagId, form);
    case 'environment':
      return quoted(dag.environment, form);
    case 'owner':
      return quoted(dag.owner, form);
    case 'task':
      return printed(hasGroups(dag) ? TASK_OF_GROUP : 'ti.task_id', form);
    case 'try':
      return printed('ti.try_number', form);
    case 'log': {
      const url = printed('ti.log_url', form);
      return form === 'html' ? `<a href="${url}">${url}</a>` : url;
    }
    case 'reason': {
      const timeout = `the run took longer than ${inWords(dag.runTimeoutSeconds)}`;
      return printed(`reason | default('the task failed') | replace('timed_out', '${timeout}')`, form);
    }
  }
}

/** Of a run of which Airflow says no more than its API does; one that names no day of its own has its id. */
const PARTITION_OF_RUN =
  "(dag_run.conf or {}).get('partition') or dag_run.partition_key or dag_run.dag_run_id";

/** A mapped task with the place of the instance, as Airflow shows it: `extract [2]`. */
const TASK_OF_GROUP =
  "ti.task_id ~ (' [%d]' % ti.map_index if ti.map_index is number and ti.map_index > -1 else '')";

function hasGroups({ tasks }: DagDefinition): boolean {
  return tasks.some(({ pods }) => pods !== undefined);
}

function printed(expression: string, form: Form): string {
  if (form === 'plain') return `{{ ${expression} }}`;
  return /^[\w.]+$/.test(expression) ? `{{ ${expression} | e }}` : `{{ (${expression}) | e }}`;
}

/** `6 h`, `90 min`: the largest unit that needs no fraction. */
function inWords(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** Text that Jinja prints as it stands: a brace at the end may meet another, and a last line break is dropped. */
export function quoted(text: string, form: Form = 'plain'): string {
  const written = form === 'html' ? html(text) : text;
  if (written.endsWith('\n')) return `${untouched(written.slice(0, -1))}{{ '\\n' }}`;
  return untouched(written);
}

function untouched(text: string): string {
  return untemplated(text).replace(/\{$/, "{{ '{' }}");
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '<br>\n',
};

function html(text: string): string {
  return text.replace(/[&<>"\n]/g, (one) => ENTITIES[one] ?? one);
}
