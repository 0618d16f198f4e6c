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
    text: `Failed: ${WHERE}, task \${task}, try \${try}: \${reason}\n${WHOM}`,
  },
  on_retry: {
    subject: `Will retry: ${WHERE}`,
    text: `Will retry: ${WHERE}, task \${task}, try \${try} failed\n${WHOM}`,
  },
  on_success: { subject: `Published: ${WHERE}`, text: `Published: ${WHERE}\n${WHOM}` },
  on_deadline: {
    subject: `Late: ${WHERE}`,
    text: `Late: ${WHERE} has not succeeded in time\nOwner: \${owner}`,
  },
};

/** Gives the name under which a file imports a class: the class's own where it is free. */
export type ClassNames = (module: string, className: string) => string | undefined;

/** A class, and the arguments of its objects. */
export interface Notifier {
  readonly type: Expression;
  readonly entries: Keywords;
}

/** The object that Airflow calls when the event has happened. */
export function notifierObject({ type, entries: arguments_ }: Notifier): Expression {
  const object = call(type, [], arguments_);
  return arguments_.length === 0 ? object : tall(object);
}

export function notifier(alert: Alert, event: AlertEvent, dag: DagDefinition, names: ClassNames): Notifier {
  const { subject, text } = TEXTS[event];
  const { slack, email } = alert;
  if (slack !== undefined) {
    return {
      type: classOf(SLACK, names),
      entries: [
        ['slack_conn_id', literal(slack.connection)],
        ['channel', literal(quoted(slack.channel))],
        ['text', message(slack.text ?? text, dag, 'plain', event)],
      ],
    };
  }
  if (email !== undefined) {
    return {
      type: classOf(SMTP, names),
      entries: [
        ['smtp_conn_id', literal(email.connection)],
        ['to', list(email.to.map((one) => literal(quoted(one))))],
        ['subject', message(email.subject ?? subject, dag, 'plain', event)],
        ['html_content', message(text, dag, 'html', event)],
      ],
    };
  }
  return { type: classOf(alert.notifier ?? '', names), entries: entries(alert.arguments ?? {}) };
}

const SLACK = 'airflow.providers.slack.notifications.slack.SlackNotifier';
const SMTP = 'airflow.providers.smtp.notifications.smtp.SmtpNotifier';

function classOf(path: string, names: ClassNames): Expression {
  const dot = path.lastIndexOf('.');
  const module = path.slice(0, dot);
  const className = path.slice(dot + 1);
  return imported(module, className, names(module, className));
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
