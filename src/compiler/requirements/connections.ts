import { ALERT_EVENTS, alertsOf } from '../../spec/alerts.ts';
import type { DagDefinition } from '../dag.ts';
import { targetOf } from '../targets/targets.ts';
import type { Section } from './requirements.ts';
import { commands, word } from './shell.ts';

/** A connection in Airflow, and what it is for. */
interface Connection {
  readonly id: string;
  /** Of Airflow; `generic` where any will do. */
  readonly type: string;
  readonly purpose: string;
}

export function connections(dags: readonly DagDefinition[]): Section {
  const all = new Map(dags.flatMap(connectionsOf).map((one) => [JSON.stringify(one), one]));
  const found = [...all.keys()].sort().flatMap((key) => all.get(key) ?? []);
  if (found.length === 0) return { title: 'Connections', text: 'None.' };
  const lines = found.flatMap(({ id, type, purpose }) => [
    `# ${purpose}`,
    `airflow connections add ${word(id)} --conn-type ${type} ${ARGUMENTS[type] ?? `--conn-password '…'`}`,
  ]);
  return { title: 'Connections', text: `Put what belongs there in place of each …\n\n${commands(lines)}` };
}

const ARGUMENTS: Readonly<Record<string, string>> = {
  slack: `--conn-password '…'`,
  dbt_cloud: `--conn-login '…' --conn-password '…'`,
  smtp: `--conn-host '…' --conn-login '…' --conn-password '…' --conn-extra '{"from_email": "…"}'`,
};

function connectionsOf(dag: DagDefinition): Connection[] {
  const { alerts, tasks } = dag;
  const secrets = tasks.flatMap((task) =>
    task.secrets.flatMap(({ variable, connection }): Connection[] => {
      if (connection === undefined) return [];
      const purpose = `The secret ${variable}: ${connection.field ?? 'password'} of this connection.`;
      return [{ id: connection.id, type: 'generic', purpose }];
    }),
  );
  const jobs = tasks.flatMap(({ dbtCloud }): Connection[] =>
    dbtCloud === undefined
      ? []
      : [{ id: dbtCloud.connection, type: 'dbt_cloud', purpose: 'dbt Cloud: the account and its token.' }],
  );
  const events = ALERT_EVENTS.filter(
    (event) => event !== 'on_deadline' || targetOf(dag).deadline !== undefined,
  );
  const told = alerts === undefined ? [] : events.flatMap((event) => alertsOf(alerts, event));
  const notified = told.flatMap(({ slack, email }): Connection[] => [
    ...(slack === undefined
      ? []
      : [{ id: slack.connection, type: 'slack', purpose: 'Alerts to Slack: the token of the bot.' }]),
    ...(email === undefined
      ? []
      : [{ id: email.connection, type: 'smtp', purpose: 'Alerts by mail: the server, and who sends.' }]),
  ]);
  return [...secrets, ...jobs, ...notified];
}
