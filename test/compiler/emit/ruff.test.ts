import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DagDefinition } from '../../../src/compiler/dag.ts';
import { emit } from '../../../src/compiler/emit.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { STEPS } from '../../../src/spec/steps.ts';
import { program } from '../../airflow/airflow.ts';
import { CASES, caseDefinition } from './cases.ts';
import { asset, definition, KUBERNETES, PROCESS, tasks } from './definitions.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,62}$/);
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom('"', "'", '"""', '\\', '\n', '\t', ' ', '東京', 'word '),
    ),
  )
  .map((parts) => parts.join(''));

const schedule: fc.Arbitrary<DagDefinition['schedule']> = fc.oneof(
  fc.record({ kind: fc.constant('cron' as const), cron: text, timezone: text }),
  fc.record({
    kind: fc.constant('after' as const),
    mode: fc.constantFrom('all' as const, 'any' as const),
    assets: fc
      .uniqueArray(name, { minLength: 1, maxLength: 8 })
      .map((names) => names.map((one) => asset(one))),
  }),
  fc.constant({ kind: 'manual' as const }),
);

const dags: fc.Arbitrary<DagDefinition> = fc
  .record({
    dagId: name,
    description: text,
    tags: fc.array(text, { maxLength: 6 }),
    owner: text,
    specFile: text,
    timezone: fc.constantFrom('UTC', 'Asia/Tokyo'),
    schedule,
    airflow: fc.constantFrom(...AIRFLOW_VERSIONS),
    // "airflow" as a folder must not make ruff take the package for our own code.
    environment: fc.oneof(name, fc.constantFrom('airflow', 'kubernetes')),
    launcher: fc.constantFrom(KUBERNETES, PROCESS, { kind: 'process' as const, command: 'x'.repeat(120) }),
    jobText: fc
      .dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 })
      .map((job) => JSON.stringify(job, null, 2)),
    lookback: fc.nat(3),
    runTimeoutSeconds: fc.constantFrom(0.5, 90, 3600, 86_400),
    steps: fc.subarray([...STEPS], { minLength: 1 }),
  })
  .map(({ steps, ...changes }) => definition({ ...changes, tasks: tasks(steps) }));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipegen-ruff-'));
  const cases = AIRFLOW_VERSIONS.flatMap((airflow) =>
    Object.keys(CASES).map((one) => ({ ...caseDefinition(one, airflow), environment: airflow })),
  );
  for (const { path, content } of emit([...fc.sample(dags, { numRuns: 400, seed: 7 }), ...cases])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ruff(...args: string[]): string {
  const ended = spawnSync(program('lint', 'ruff'), [...args, '--no-cache'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return ended.status === 0 ? '' : ended.stdout + ended.stderr;
}

test('generated files are a fixed point of ruff format', () => {
  expect(ruff('format', '--diff', '.')).toBe('');
});

test('generated files have no unused or unsorted import and no undefined name', () => {
  expect(ruff('check', '--select', 'F,E9,I', '.')).toBe('');
});

test('files for 3.3 use nothing that Airflow 3 has left behind', () => {
  expect(ruff('check', '--select', 'AIR', '3.3')).toBe('');
  // The same rules do find something where there is something to find.
  expect(ruff('check', '--select', 'AIR', '2.11')).toContain('AIR3');
});
