import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDiff } from '../../../src/cli/diff/json.ts';
import { markdownDiff } from '../../../src/cli/diff/markdown.ts';
import { prettyDiff } from '../../../src/cli/diff/pretty.ts';
import { diffEnvironment } from '../../../src/compiler/diff/diff.ts';
import { readPrevious } from '../../../src/compiler/diff/previous.ts';
import { built, compileText, differences, put, specText } from './project.ts';

const FILE = 'production/definitions.json';
const DAGS = compileText(specText('')).dags.filter(({ environment }) => environment === 'production');

const document = (dags: unknown) => JSON.stringify({ version: 1, environment: 'production', dags });
const compare = (text: string | undefined) =>
  diffEnvironment({
    environment: 'production',
    airflow: '3.3',
    previous: readPrevious('production', text),
    dags: DAGS,
    renamedFrom: new Map(),
    otherText: new Set(),
  });

describe('a definitions.json', () => {
  it.each([
    ['is missing', undefined, /there is no definitions.json of an earlier build/],
    ['is empty', '', /is not JSON/],
    ['is not JSON', '{', /is not JSON/],
    ['is something else', '[]', /does not have the form/],
    ['is null', 'null', /does not have the form/],
    ['is of another version', '{"version":2,"environment":"production","dags":{}}', /does not have the form/],
    ['has a list of DAGs', document([]), /does not have the form/],
    ['is of another environment', '{"version":1,"environment":"local","dags":{}}', /of another environment/],
    ['holds a text as DAG', document({ flights: 'x' }), /holds an entry that is not a DAG/],
    ['holds a DAG without a definition', document({ flights: {} }), /holds an entry that is not a DAG/],
    ['holds a path as name', document({ '../flights': { definition: '0'.repeat(12) } }), /not a DAG/],
    ['is nested without end', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, /nested too deeply/],
  ])('that %s makes every DAG an added one, and says so', (_, text, problem) => {
    const diff = compare(text);
    expect(diff.problem).toMatch(problem);
    expect(diff.problem).toMatch(/: every DAG counts as added$/);
    expect(diff.dags.map(({ status }) => status)).toEqual(['added', 'added']);
  });

  it('with a __proto__ changes nothing but its own comparison', () => {
    const text = `{"version":1,"environment":"production","dags":{"flights":{"definition":"000000000000","__proto__":{"polluted":true}}}}`;
    expect(compare(text).dags.find(({ dag }) => dag === 'flights')?.status).toBe('changed');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const named = `{"version":1,"environment":"production","dags":{"__proto__":{"definition":"000000000000"}}}`;
    expect(compare(named).problem).toMatch(/holds an entry that is not a DAG/);
  });

  it('is compared by what it says, not by the hash it claims', () => {
    const [flights] = DAGS;
    const lie = { definition: flights?.definition, description: 'Another' };
    const dag = compare(document({ flights: lie })).dags.find((one) => one.dag === 'flights');
    expect(dag?.status).toBe('changed');
  });

  it('of any content is told without an exception, on one line each, with nothing invisible', () => {
    const definition = fc.constant('0123456789ab');
    const wild = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
    fc.assert(
      fc.property(wild, definition, (values, hash) => {
        const diff = compare(document({ flights: { ...values, definition: hash } }));
        const pretty = prettyDiff([diff], false);
        expect(pretty.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(markdownDiff([diff]).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(JSON.parse(jsonDiff([diff]))).toMatchObject({ version: 1, changed: true });
      }),
    );
  });

  it('that is a link is not followed', () => {
    const folder = built('');
    const outside = join(dirname(folder), 'outside.json');
    writeFileSync(outside, document({ secret: { definition: '0'.repeat(12) } }));
    unlinkSync(join(folder, FILE));
    symlinkSync(outside, join(folder, FILE));
    const [production] = differences(folder, '');
    expect(production?.problem).toMatch(/is not JSON/);
    expect(production?.dags.map(({ dag }) => dag)).toEqual(['flights', 'scorecard']);
  });

  it('of a folder that is one is no file', () => {
    const folder = built('');
    unlinkSync(join(folder, FILE));
    mkdirSync(join(folder, FILE));
    expect(differences(folder, '')[0]?.problem).toMatch(/is not JSON/);
  });
});

describe('a DAG file', () => {
  it('that a person changed is one that a build rewrites', () => {
    const folder = built('');
    put(folder, 'production/dags/flights.py', '# changed\n');
    const [production, other] = differences(folder, '');
    expect(production?.dags.map(({ status }) => status)).toEqual(['rewritten', 'unchanged']);
    expect(prettyDiff(production === undefined ? [] : [production], false)).toContain(
      'another version of pipegen wrote it, or a person changed it',
    );
    expect(other?.dags.map(({ status }) => status)).toEqual(['unchanged', 'unchanged']);
  });

  it('of another environment is not looked at when one is chosen', () => {
    const folder = built('');
    const text = differences(folder, 'environments: { production_2_11: null }', 'production');
    expect(text.map(({ environment }) => environment)).toEqual(['production']);
  });
});
