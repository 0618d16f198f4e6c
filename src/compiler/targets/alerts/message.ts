import { type AlertPlaceholder, isAlertPlaceholder } from '../../../spec/alerts.ts';
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
 */
export function message(text: string, dag: DagDefinition, form: Form): Expression {
  const known = placeholders(text).filter(({ expression }) => isAlertPlaceholder(expression));
  // The texts around the list of partitions, which is a constant of the file.
  const around = [''];
  let end = 0;
  const append = (jinja: string) => around.push((around.pop() ?? '') + jinja);
  for (const { expression, offset, length } of known) {
    append(quoted(text.slice(end, offset), form));
    if (expression === 'partition') around.push('');
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
  const filter = form === 'html' ? ' | e' : '';
  switch (placeholder) {
    case 'pipeline':
      return quoted(dag.dagId, form);
    case 'environment':
      return quoted(dag.environment, form);
    case 'owner':
      return quoted(dag.owner, form);
    case 'task':
      return `{{ ti.task_id${filter} }}`;
    case 'try':
      return `{{ ti.try_number${filter} }}`;
    case 'log': {
      const url = `{{ ti.log_url${filter} }}`;
      return form === 'html' ? `<a href="${url}">${url}</a>` : url;
    }
  }
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
