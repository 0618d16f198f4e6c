/** What Airflow is to know of the stand-ins for Slack and for a mail server, as its environment. */
export function connections(chatPort: number, mailPort: number): Readonly<Record<string, string>> {
  return {
    AIRFLOW_CONN_CHAT: JSON.stringify({
      conn_type: 'slack',
      password: 'xoxb-1',
      extra: { base_url: `http://127.0.0.1:${chatPort}/api/` },
    }),
    AIRFLOW_CONN_MAIL: JSON.stringify({
      conn_type: 'smtp',
      host: '127.0.0.1',
      port: mailPort,
      extra: { from_email: 'airflow@example.com', disable_ssl: true, disable_tls: true },
    }),
  };
}
