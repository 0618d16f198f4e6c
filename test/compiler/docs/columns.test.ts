import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';
import { buildJob } from '../../../src/compiler/job.ts';
import { lower } from '../../../src/compiler/lower.ts';

const page = readFileSync(new URL('../../../docs/columns.md', import.meta.url), 'utf8');
const [example = ''] = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

/** The example's pipeline in a cluster that mounts these secrets. */
function specWith(secrets: Record<string, object>, changes: object = {}) {
  const text = stringify({
    version: 1,
    secrets: { mail_pepper: 'MAIL_PEPPER' },
    sources: {
      crm: {
        kind: 'http',
        base_url: 'https://api.crm.example',
        rate_limit: { requests: 5, per: '1s' },
        max_requests: 500,
      },
    },
    defaults: { owner: 'data', alerts: { on_failure: [{ email: { to: ['data@example.com'] } }] } },
    environments: {
      production: {
        airflow: '3.3',
        launcher: {
          kind: 'kubernetes',
          image: { repository: 'registry.example.com/pipegen' },
          namespace: 'data',
          service_account: 'pipegen',
          secrets,
        },
        store: { kind: 'files', root: 'lake' },
        warehouse: { kind: 'duckdb', path: 'lake.duckdb', schema: 'raw' },
      },
    },
    pipelines: {
      items: {
        description: 'Items of orders',
        extract: {
          source: 'crm',
          path: '/orders/${order.id}/items',
          for_each: { as: 'order', path: '/orders' },
        },
        ...parse(example),
        load: { table: 'items' },
        ...changes,
      },
    },
  });
  return check({ file: 'pipelines.yaml', bytes: Buffer.from(text) });
}

test('the example lints, and upload alone gets the pepper', () => {
  const { findings, spec } = specWith({ mail_pepper: { kubernetes: 'peppers', key: 'mail' } });
  expect(findings).toEqual([]);
  const [environment] = spec?.environments ?? [];
  const [pipeline] = environment?.pipelines ?? [];
  if (spec === undefined || environment === undefined || pipeline === undefined)
    throw new Error('no pipeline');
  const job = buildJob(environment, pipeline);
  expect(job.columns?.find(({ name }) => name === 'customer')?.mask).toEqual({
    kind: 'hash',
    pepper: 'MAIL_PEPPER',
  });
  const { value } = lower(spec, [environment], { readText: () => `sha256:${'0'.repeat(64)}` });
  const secrets = value[0]?.tasks.map(({ step, secrets: own }) => [
    step,
    own.map(({ variable }) => variable),
  ]);
  expect(secrets).toEqual([
    ['extract', []],
    ['upload', ['MAIL_PEPPER']],
    ['load', []],
    ['check', []],
  ]);
});

test('a pepper that the pods do not get, and one that is no secret, are found', () => {
  expect(specWith({}).findings.map(({ name }) => name)).toEqual(['secret-not-mounted']);
  const columns = { customer: { mask: { kind: 'hash', pepper: 'mail_peper' } } };
  const { findings } = specWith({}, { columns, key: null });
  expect(findings).toContainEqual(
    expect.objectContaining({
      name: 'unknown-secret',
      message: 'there is no secret "mail_peper"',
      help: expect.stringContaining('mail_pepper'),
    }),
  );
});

test.each([
  ['decimal(39,2)', 'must have 1 to 38 digits'],
  ['decimal(5,6)', 'must have 1 to 38 digits'],
  ['list(list(string))', 'is not a value of "type"'],
  ['integr', 'is not a value of "type"'],
])('the type %s is refused', (type, message) => {
  const { findings } = specWith({}, { columns: { id: { type } }, key: null });
  expect(findings).toContainEqual(expect.objectContaining({ message: expect.stringContaining(message) }));
});
