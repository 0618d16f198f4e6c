import { z } from 'zod';
import { connection, text } from './names.ts';
import { duration } from './quantities.ts';
import { placeholders } from './template.ts';

/** What `${…}` in the text of an alert may name. */
export const ALERT_PLACEHOLDERS = [
  'pipeline',
  'environment',
  'owner',
  'task',
  'partition',
  'try',
  'log',
  'reason',
] as const;

export type AlertPlaceholder = (typeof ALERT_PLACEHOLDERS)[number];

export function isAlertPlaceholder(expression: string): expression is AlertPlaceholder {
  return (ALERT_PLACEHOLDERS as readonly string[]).includes(expression);
}

const message = text.min(1).superRefine((value, context) => {
  for (const { expression } of placeholders(value)) {
    if (isAlertPlaceholder(expression)) continue;
    const known = ALERT_PLACEHOLDERS.map((one) => `\${${one}}`).join(', ');
    context.addIssue({
      code: 'custom',
      message: `holds \${${expression}}, which stands for nothing here: an alert knows ${known}`,
    });
  }
});

const slack = z.strictObject({
  connection: connection.describe('A connection of the type Slack API.'),
  channel: text.min(1).describe('Name with # or id of a channel that the bot is in.'),
  text: message.optional().describe('May hold ${task}, ${partition}, ${log} and others; a default says all.'),
});

const email = z.strictObject({
  connection: connection
    .default('smtp_default')
    .describe('A connection of the type SMTP, which also says who sends.'),
  to: z.array(z.email()).min(1).describe('Addresses.'),
  subject: message
    .regex(/^[^\r\n]*$/, 'must be one line')
    .optional()
    .describe('May hold the same as the text for Slack.'),
});

/** What Python has a literal for. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

const value: z.ZodType<Value> = z.lazy(() =>
  z.union([text, z.number(), z.boolean(), z.null(), z.array(value), z.record(text, value)]),
);

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global ' +
  'if import in is lambda nonlocal not or pass raise return try while with yield';
const IDENTIFIER = `(?!(?:${KEYWORDS.replaceAll(' ', '|')})\\b)[A-Za-z_][A-Za-z0-9_]*`;

const notifier = z
  .string()
  .regex(
    new RegExp(`^${IDENTIFIER}(\\.${IDENTIFIER})+$`),
    'must be the import path of a class, such as airflow.providers.apprise.notifications.apprise.AppriseNotifier',
  );

/** One kind an entry, as `{ slack: { … } }`. */
export const alert = z
  .strictObject({
    slack: slack.optional().describe('A message by the provider apache-airflow-providers-slack.'),
    email: email.optional().describe('A mail by the provider apache-airflow-providers-smtp.'),
    notifier: notifier.optional().describe('Any other notifier that is installed in Airflow.'),
    arguments: z
      .record(z.string().regex(new RegExp(`^${IDENTIFIER}$`), 'must be a name of Python'), value)
      .optional()
      .describe('Of that class, as they are; in its template fields Airflow renders Jinja.'),
  })
  .refine((one) => KINDS.filter((kind) => one[kind] !== undefined).length === 1, {
    message: 'needs exactly one of slack, email and notifier',
  })
  .refine((one) => one.arguments === undefined || one.notifier !== undefined, {
    message: 'must not be there without a notifier',
    path: ['arguments'],
  });

const KINDS = ['slack', 'email', 'notifier'] as const;

const deadline = z.strictObject({
  after: duration.describe('How long a run may take from the moment it was queued until it is told of.'),
  tell: z.array(alert).min(1).describe('Whom; a notifier needs an `async_notify`.'),
});

const lists = z.strictObject({
  on_failure: z
    .array(alert)
    .default([])
    .describe('A task has failed and is not tried again, or the run took longer than run_timeout.'),
  on_retry: z.array(alert).default([]).describe('A try has failed, another will follow.'),
  on_success: z.array(alert).default([]).describe('The run has published its partitions.'),
  on_deadline: deadline.optional().describe('A run takes too long, and goes on. Airflow 3.3 only.'),
});

/** What is known when. A deadline is the scheduler's, which knows no task; only a failure has several reasons. */
const UNKNOWN: Readonly<Record<AlertEvent, readonly AlertPlaceholder[]>> = {
  on_failure: [],
  on_retry: ['reason'],
  on_success: ['reason'],
  on_deadline: ['task', 'try', 'log', 'reason'],
};

export const alerts = lists
  .superRefine((value, context) => {
    for (const event of ALERT_EVENTS) {
      for (const [at, { slack, email }] of alertsOf(value, event).entries()) {
        const inside = event === 'on_deadline' ? [event, 'tell', at] : [event, at];
        const texts = { slack: { text: slack?.text }, email: { subject: email?.subject } };
        for (const [kind, fields] of Object.entries(texts)) {
          for (const [field, words = ''] of Object.entries(fields)) {
            for (const { expression } of placeholders(words)) {
              if (!UNKNOWN[event].some((one) => one === expression)) continue;
              const message = `holds \${${expression}}, which an alert ${event} does not know`;
              context.addIssue({ code: 'custom', message, path: [...inside, kind, field] });
            }
          }
        }
      }
    }
  })
  .describe('Whom Airflow tells, and when.');

export type Alert = z.output<typeof alert>;
export type Alerts = z.output<typeof lists>;
export type Deadline = z.output<typeof deadline>;
export type AlertEvent = keyof Alerts;

/** Those that Airflow calls for a task. */
export const EVENTS = ['on_failure', 'on_retry', 'on_success'] as const;
export type TaskEvent = (typeof EVENTS)[number];

export const ALERT_EVENTS: readonly AlertEvent[] = [...EVENTS, 'on_deadline'];

/** Who is told when that happens. */
export function alertsOf(alerts: Alerts, event: AlertEvent): readonly Alert[] {
  return event === 'on_deadline' ? (alerts.on_deadline?.tell ?? []) : alerts[event];
}
