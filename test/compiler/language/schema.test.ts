import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemaText } from '../../../src/cli/commands/schema.ts';
import { SILENCEABLE } from '../../../src/compiler/explain/explanations.ts';
import { languageSchema, type Schema } from '../../../src/compiler/language/json-schema.ts';
import { languageReference } from '../../../src/compiler/language/reference.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

/** Every file of a spec that we ship, and the one that has every field. */
const SHIPPED = [
  'pipelines.yaml',
  ...readdirSync(`${ROOT}examples`, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)pipelines(\.yaml|\/[^/]+\.yaml)$/.test(path))
    .map((path) => `examples/${path}`),
];

// Formats such as that of a mail address need a package of their own; the patterns say the same.
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(
  JSON.parse(schemaText()) as object,
);
const errors = (spec: unknown) => (validate(spec) ? [] : (validate.errors ?? []));

/** Every key of the language with its schema, by the path to it. */
function keysOf(one: unknown, path = ''): [string, Schema][] {
  if (one === null || typeof one !== 'object') return [];
  if (Array.isArray(one)) return one.flatMap((item) => keysOf(item, path));
  return Object.entries(one).flatMap(([word, value]): [string, Schema][] => {
    if (word === 'default' || word === 'examples') return [];
    if (word !== 'properties') return keysOf(value, word === 'definitions' ? '' : path);
    return Object.entries(value as Record<string, Schema>).flatMap(([key, schema]): [string, Schema][] => [
      [`${path}.${key}`, schema],
      ...keysOf(schema, `${path}.${key}`),
    ]);
  });
}

describe('the schema of the language', () => {
  it('says of every key what it means', () => {
    const keys = keysOf(languageSchema());
    expect(keys.length).toBeGreaterThan(500);
    expect(keys.filter(([, { description = '' }]) => description === '').map(([path]) => path)).toEqual([]);
  });

  it('is the file that editors read', () => {
    expect(read('schema/pipelines.schema.json')).toBe(schemaText());
  });

  it('is the page that people read', () => {
    expect(read('docs/language.md')).toBe(languageReference());
  });

  it('proposes the rules that may be weighed, and takes those of the project', () => {
    const severities = (severity: object) => errors({ policy: { severity } });
    const { properties } =
      (JSON.parse(schemaText()) as Schema).properties?.policy?.properties?.severity ?? {};
    expect(Object.keys(properties ?? {})).toEqual([...SILENCEABLE]);
    expect(severities({ 'nullable-key': 'off', 'a-rule-of-ours': 'warning' })).toEqual([]);
    expect(severities({ 'nullable-key': 'of' })).not.toEqual([]);
  });

  it.each([...SHIPPED, 'test/compiler/definition-hash/every-field.yaml'])('accepts %s', (path) => {
    expect(errors(parse(read(path)))).toEqual([]);
  });

  it.each(SHIPPED)('is named by %s', (path) => {
    const [line = ''] = read(path).split('\n');
    const [, to = ''] = /^# yaml-language-server: \$schema=(.*)$/.exec(line) ?? [];
    expect(new URL(to, `file:///${path}`).pathname).toBe('/schema/pipelines.schema.json');
  });

  it.each([
    ['an unknown key', '{ pipelins: {} }'],
    ['an unknown key of a pipeline', '{ pipelines: { flights: { schedul: {} } } }'],
    ['another kind', '{ sources: { api: { kind: htp, base_url: x } } }'],
    ['another version', '{ version: 2 }'],
    ['no duration', '{ defaults: { timeout: 30 minutes } }'],
    ['no date', '{ pipelines: { flights: { start_date: 01/02/2026 } } }'],
    ['too many retries', '{ defaults: { retries: 21 } }'],
    ['an environment without a store', '{ environments: { local: { airflow: "3.3" } } }'],
    ['a mistake in what is laid over', '{ environments: { a: { overrides: { b: { retries: many } } } } }'],
    ['a name with capitals', '{ pipelines: { Flights: {} } }'],
    ['another type', '{ pipelines: { a: { columns: { b: { type: strng } } } } }'],
  ])('refuses %s', (_, text) => {
    expect(errors(parse(text))).not.toEqual([]);
  });

  it('lets an environment that extends another leave out what that has, and take a key away', () => {
    const text = '{ environments: { b: { extends: a, variables: null, launcher: { namespace: x } } } }';
    expect(errors(parse(text))).toEqual([]);
  });
});
