import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldOf, readConnection } from '../../../src/runtime/connection-secret.ts';
import { readSecret, secretValues } from '../../../src/runtime/secrets.ts';
import { connectionVariable, fieldVariable } from '../../../src/spec/connection-variables.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { job } from '../../../src/spec/job.ts';
import { inAirflow } from './python.ts';

const text = fc
  .array(
    fc.oneof(fc.constantFrom('@', ':', '/', '?', '#', '&', '%', '$$', '$(', '"', '\\', ' '), fc.string()),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))
  // Neither form can hold an empty text, and Airflow refuses what no header could.
  .filter((one) => one.trim() !== '');

describe.each(AIRFLOW_VERSIONS)('connections as Airflow %s writes them', (version) => {
  test('give back login, password and extra, from the URI and from JSON', () => {
    const extra = fc.oneof(
      fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), text, { maxKeys: 3 }),
      fc.record({ token: text, nested: fc.constant({ deep: 1 }) }),
    );
    const parts = fc.record({
      conn_type: fc.constantFrom('http', 'generic', 'google_cloud_platform'),
      login: text,
      password: text,
      host: fc.constantFrom('api.example.com', 'https://api.example.com/v1', ''),
      schema: fc.constantFrom('https', ''),
      port: fc.constantFrom(443, null),
      extra: extra.map((one) => JSON.stringify(one)),
    });
    const samples = fc.sample(parts, { numRuns: 200, seed: 3 });
    const written = inAirflow(version, 'write_connections.py', [], samples) as [string, string][];
    samples.forEach((sample, at) => {
      const texts = Object.entries(JSON.parse(sample.extra)).filter(([, one]) => typeof one === 'string');
      for (const form of written[at] ?? []) {
        const read = readConnection(form);
        expect(read, form).toEqual({
          login: sample.login,
          password: sample.password,
          extra: Object.fromEntries(texts),
        });
      }
    });
    expect(written).toHaveLength(samples.length);
  });
});

describe('the secret', () => {
  const KEY = 'API_KEY';
  const arriving = (connection: string, field?: string) => ({
    [connectionVariable(KEY)]: connection,
    ...(field === undefined ? {} : { [fieldVariable(KEY)]: field }),
  });

  test('is the password, or the field that the spec names', () => {
    const uri = 'http://me:p%40ss-word@host/?api_token=token-1';
    expect(readSecret(arriving(uri), KEY)).toBe('p@ss-word');
    expect(readSecret(arriving(uri, 'api_token'), KEY)).toBe('token-1');
    expect(readSecret(arriving('{"login": "me-myself", "extra": "{\\"a\\": 1}"}', 'login'), KEY)).toBe(
      'me-myself',
    );
  });

  test('of its own variable comes first', () => {
    expect(readSecret({ ...arriving('http://:from-airflow@h'), [KEY]: 'from-the-worker' }, KEY)).toBe(
      'from-the-worker',
    );
  });

  test.each([
    ['no connection at all', 'nothing'],
    ['{"password": ', 'is not a connection of Airflow'],
    ['[1]', 'is not a connection of Airflow'],
    ['http://host', 'has no password'],
    ['{"extra": {"password": "hidden-there"}}', 'has no password'],
    ['{"password": "abc"}', 'fewer than 4 characters'],
  ])('%s is refused without its text', (connection, message) => {
    const expected = message === 'nothing' ? 'is not a connection of Airflow' : message;
    try {
      readSecret(arriving(connection), KEY);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toContain(expected);
      expect(error).toMatchObject({ exit: 78 });
      expect(String(error)).not.toContain(connection);
    }
  });

  test('has no field that only its prototype has', () => {
    expect(fieldOf({ extra: {} }, 'constructor')).toBeUndefined();
  });

  test('is known to the redaction, and so are the connection and its password', () => {
    const source = {
      kind: 'http',
      base_url: 'http://x',
      auth: { kind: 'api_key', in: 'query', name: 'k', secret: KEY },
    };
    const read = job.parse({
      version: 1,
      pipeline: 'p',
      environment: 'e',
      timezone: 'UTC',
      steps: ['extract'],
      variables: {},
      store: { kind: 'files', root: 'lake' },
      warehouse: { kind: 'duckdb', path: 'd', schema: 'raw' },
      extract: { path: '/', source },
      contract: {},
      checks: [],
    });
    const uri = 'http://me:p%40ss@host/?api_token=token-1';
    const values = secretValues(read, arriving(uri, 'api_token'));
    expect(values.filter((one) => one !== '')).toEqual([uri, 'p@ss', 'token-1']);
  });
});
