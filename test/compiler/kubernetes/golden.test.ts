import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { GeneratedFile } from '../../../src/compiler/dag.ts';
import { merge } from '../../../src/compiler/layers.ts';
import { compileText } from '../diff/project.ts';

const CASES = ['bare', 'google', 'shared', 'elsewhere'];

const textOf = (name: string) => readFileSync(new URL(`${name}/pipelines.yaml`, import.meta.url), 'utf8');
const lay = (text: string, fragment: object) => stringify(merge(parse(text), fragment));

function filesOf(text: string): GeneratedFile[] {
  return compileText(text).files.filter(({ path }) => path.includes('/kubernetes/'));
}

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: object };
  readonly spec: unknown;
}

function objectsOf(files: readonly GeneratedFile[]): KubernetesObject[] {
  return files.flatMap(({ content }) =>
    parseAllDocuments(content, { version: '1.1' }).flatMap(
      (one) => (one.toJS() as KubernetesObject | null) ?? [],
    ),
  );
}

describe('the set-up of a cluster', () => {
  it.each(CASES)('of %s is the files that were reviewed', async (name) => {
    const pages = filesOf(textOf(name)).map(({ path, content }) => `# ${path}\n${content}`);
    await expect(pages.join('\n')).toMatchFileSnapshot(`${name}/expected.yaml`);
  });

  it('is none where the worker starts the steps itself', () => {
    expect(filesOf(textOf('shared')).filter(({ path }) => path.startsWith('laptop/'))).toEqual([]);
  });

  it('is numbered in the order of applying, and its headers say the same', () => {
    const files = filesOf(textOf('google'));
    expect(files.map(({ path }) => path.split('/').at(-1))).toEqual([
      '1-namespace.yaml',
      '2-service-accounts.yaml',
      '3-airflow-access.yaml',
      '4-secrets.yaml',
      '5-network-policy.yaml',
      '6-resource-quota.yaml',
    ]);
    for (const [index, { content }] of files.entries()) {
      expect(content).toContain(`\n# File ${index + 1} of 6 for the environment production: `);
    }
  });

  it.each(CASES)('of %s is the same for every order of the keys', (name) => {
    const files = filesOf(textOf(name));
    const spec: unknown = parse(textOf(name), { merge: true });
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        expect(filesOf(stringify(shuffled(spec, numbers)))).toEqual(files);
      }),
      { numRuns: 10 },
    );
  });

  it('lets environments of one namespace be in nobody’s way: what has one name is one object', () => {
    const objects = objectsOf(filesOf(textOf('shared'))).filter(
      ({ metadata }) => metadata.namespace === 'data' || metadata.name === 'data',
    );
    const byName = Map.groupBy(objects, ({ kind, metadata }) => `${kind} ${metadata.name}`);
    for (const ones of byName.values()) expect(new Set(ones.map((one) => JSON.stringify(one))).size).toBe(1);
    expect([...byName].filter(([, ones]) => ones.length === 1).map(([name]) => name)).toEqual([
      'RoleBinding pipegen-airflow-airflow-3-worker',
      'NetworkPolicy production-egress',
      'RoleBinding pipegen-airflow-airflow-2-worker',
      'NetworkPolicy production-2-11-egress',
    ]);
  });

  it('counts the neighbours too where one environment alone is built', () => {
    const quota = (files: readonly GeneratedFile[]) =>
      objectsOf(files).find(({ kind }) => kind === 'ResourceQuota')?.spec;
    const files = filesOf(textOf('shared'));
    const of = (environment: string) => quota(files.filter(({ path }) => path.startsWith(`${environment}/`)));
    expect(of('production')).toMatchObject({ hard: { pods: '12', 'requests.memory': '12Gi' } });
    expect(of('production')).toEqual(of('production_2_11'));
    expect(of('staging')).toMatchObject({ hard: { pods: '11' } });
  });

  it('names secrets and their keys, and holds no object and no value of one', () => {
    const files = filesOf(textOf('google'));
    expect(objectsOf(files).map(({ kind }) => kind)).not.toContain('Secret');
    const secrets = files.find(({ path }) => path.endsWith('secrets.yaml'))?.content ?? '';
    expect(secrets.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    expect(secrets).toContain('--from-literal=api="$API_KEY"');
  });

  it('lets no name of a spec out of its comment', () => {
    const hostile = 'x\n---\nkind: Pod\r\u2028kind: Pod';
    const launcher = {
      secrets: { api_key: { kubernetes: hostile, key: hostile } },
      image_pull_secrets: [hostile],
    };
    const files = filesOf(lay(textOf('google'), { environments: { production: { launcher } } }));
    expect(objectsOf(files)).toEqual(objectsOf(filesOf(textOf('google'))));
  });

  it('quotes what kubectl’s YAML would take for something else than a text', () => {
    const launcher = {
      namespace: 'on',
      service_account: 'y',
      airflow: { namespace: '0x1f', service_account: '1e3' },
    };
    const files = filesOf(lay(textOf('bare'), { environments: { production: { launcher } } }));
    const [namespace, account] = objectsOf(files);
    expect([namespace?.metadata.name, account?.metadata.name]).toEqual(['on', 'y']);
    expect(JSON.stringify(objectsOf(files))).toContain(
      '{"kind":"ServiceAccount","name":"1e3","namespace":"0x1f"}',
    );
  });
});

/** The same value with the keys of its maps in another order. */
function shuffled(value: unknown, numbers: Iterator<number>): unknown {
  if (Array.isArray(value)) return value.map((one) => shuffled(one, numbers));
  if (value === null || typeof value !== 'object') return value;
  const keyed = Object.entries(value).map(([key, one]) => ({ at: numbers.next().value as number, key, one }));
  keyed.sort((a, b) => a.at - b.at);
  return Object.fromEntries(keyed.map(({ key, one }) => [key, shuffled(one, numbers)]));
}
