import type { Alert, AlertEvent, Value } from '../../../spec/alerts.ts';
import type { DagDefinition } from '../../dag.ts';
import {
  call,
  dictionary,
  type Expression,
  imported,
  type Keywords,
  list,
  literal,
  NONE,
  tall,
} from '../../python/expression.ts';
import { message, quoted } from './message.ts';

const WHERE = '${pipeline} (${partition}) in ${environment}';
const WHOM = 'Owner: ${owner}\nLog: ${log}';

const TEXTS: Readonly<Record<AlertEvent, { readonly subject: string; readonly text: string }>> = {
  on_failure: {
    subject: `Failed: ${WHERE}`,
    text: `Failed: ${WHERE}, task \${task}, try \${try}\n${WHOM}`,
  },
  on_retry: {
    subject: `Will retry: ${WHERE}`,
    text: `Will retry: ${WHERE}, task \${task}, try \${try} failed\n${WHOM}`,
  },
  on_success: { subject: `Published: ${WHERE}`, text: `Published: ${WHERE}\n${WHOM}` },
};

/** Gives the name under which a file imports a class: the class's own where it is free. */
export type ClassNames = (module: string, className: string) => string | undefined;

/** The object that Airflow calls when the event has happened. */
export function notifier(alert: Alert, event: AlertEvent, dag: DagDefinition, names: ClassNames): Expression {
  const { subject, text } = TEXTS[event];
  const { slack, email } = alert;
  if (slack !== undefined) {
    return instance(SLACK, names, [
      ['slack_conn_id', literal(slack.connection)],
      ['channel', literal(quoted(slack.channel))],
      ['text', message(slack.text ?? text, dag, 'plain')],
    ]);
  }
  if (email !== undefined) {
    return instance(SMTP, names, [
      ['smtp_conn_id', literal(email.connection)],
      ['to', list(email.to.map((one) => literal(quoted(one))))],
      ['subject', message(email.subject ?? subject, dag, 'plain')],
      ['html_content', message(text, dag, 'html')],
    ]);
  }
  return instance(alert.notifier ?? '', names, entries(alert.arguments ?? {}));
}

const SLACK = 'airflow.providers.slack.notifications.slack.SlackNotifier';
const SMTP = 'airflow.providers.smtp.notifications.smtp.SmtpNotifier';

function instance(path: string, names: ClassNames, keywords: Keywords): Expression {
  const dot = path.lastIndexOf('.');
  const module = path.slice(0, dot);
  const className = path.slice(dot + 1);
  const callee = imported(module, className, names(module, className));
  const object = call(callee, [], keywords);
  return keywords.length === 0 ? object : tall(object);
}

function python(value: Value): Expression {
  if (value === null) return NONE;
  if (Array.isArray(value)) return list(value.map(python));
  if (typeof value === 'object') return dictionary(entries(value));
  return literal(value);
}

/** Sorted: another order in the spec is no change. */
function entries(values: Readonly<Record<string, Value>>): Keywords {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, one]) => [key, python(one)]);
}
