import { expect, it } from 'vitest';
import { type Environment, WRONG_KEY } from '../rig.ts';

/** After all that went well and all that went wrong. */
export function secretsAreTold(environment: () => Environment): void {
  it('to nobody: pods, events, logs, rendered fields', async () => {
    const { rig, airflow, pods } = environment();
    const { standIn, snowflakeKey } = rig.services;
    const body = snowflakeKey.split('\n')[1] ?? '';
    const forms = [standIn.key, WRONG_KEY, body].flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]);
    const events = await rig.cluster.kubectl([
      ...['get', 'events', '--namespace', pods.namespace, '--output', 'json'],
    ]);
    const texts: [string, string | Buffer][] = [
      ['pods', pods.history.join('\n')],
      ['events', events],
      ...[...airflow.written()].map(({ path, bytes }): [string, Buffer] => [path, bytes]),
    ];
    expect(pods.history.join('')).toContain('AVIATIONSTACK_ACCESS_KEY');
    expect(airflow.log({ dag: 'flights', run: 'happy' }, 'extract')).toContain('"step":"extract"');
    expect(events).toContain('"kind": "Event"');
    const found = texts.filter(([, bytes]) => forms.some((form) => bytes.includes(form)));
    expect(found.map(([place]) => place)).toEqual([]);
  });
}
