import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { NO_FACTS } from '../../../src/cli/cache/fact-cache.ts';
import { openProgram } from '../../../src/cli/handlers/morph.ts';
import { handlerReader } from '../../../src/cli/handlers/read-handlers.ts';
import { fitOf } from '../../../src/compiler/handlers/fit.ts';
import type { HandlerFact, ReturnFact, ValueFact } from '../../../src/compiler/handlers/handler-facts.ts';
import { readGraph } from '../../../src/handlers/module-graph.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { SCALAR_TYPES } from '../../../src/spec/column-type.ts';
import { land, openRig, rowsOf, runOne, uploaded, writeJob } from '../../runtime/upload/rig.ts';

const TYPES = [
  ...SCALAR_TYPES,
  'decimal(12,2)',
  'list(integer)',
  'list(string)',
  'list(date)',
  'list(timestamp)',
];

/** Expressions of every kind that a handler may return. */
const VALUES = [
  "'hello'",
  "'12'",
  "'1.5'",
  "'true'",
  "'2026-01-31'",
  "'2026-01-31T10:00:00Z'",
  "'10:20'",
  '7',
  '1.5',
  '7n',
  'true',
  'new Date(1)',
  "['a']",
  '[new Date(0)]',
  '[1]',
  "['2026-01-31', null]",
  '[{ a: 1 }]',
  '{ a: 1 }',
  'new Map<string, string>()',
  'new Set<string>()',
  '() => 7',
];
const CODE = `const VALUES = [${VALUES.join(', ')}];
export const rows = ({ id }: { id: number }) => ({ id, v: VALUES[id] as never });
${VALUES.map((value, index) => `export const row${index} = () => ({ v: ${value} });`).join('\n')}
`;
const FILE = 'handlers/rows.ts';

let facts: ValueFact[];

beforeAll(() => {
  const home = mkdtempSync(join(tmpdir(), 'pipegen-fit-'));
  try {
    mkdirSync(join(home, 'handlers'));
    writeFileSync(join(home, FILE), CODE);
    const questions = VALUES.map((_, index) => ({
      role: 'transform' as const,
      file: FILE,
      exported: `row${index}`,
      generated: {},
    }));
    facts = handlerReader(home, openProgram, NO_FACTS)(questions, () => CODE).map(valueIn);
  } finally {
    rmSync(home, { recursive: true });
  }
});

function valueIn(fact: HandlerFact): ValueFact {
  const [row]: readonly ReturnFact[] = fact.kind === 'function' ? fact.returns : [];
  const value = row?.kind === 'row' ? row.fields.v : undefined;
  if (value === undefined) throw new Error(`no row in ${JSON.stringify(fact)}`);
  return value;
}

test.each(TYPES)('what is said of a value for %s is what upload does with it', async (type) => {
  const { files } = readGraph(FILE, () => CODE);
  const columns = [
    { name: 'id', from: ['id'], type: 'integer', required: true },
    { name: 'v', from: ['v'], type, required: true },
  ];
  using rig = openRig(
    writeJob({ columns, transform: `${FILE}#rows`, handlers: files, contract: { max_bad_rows: '100%' } }),
  );
  mkdirSync(join(rig.home, 'handlers'));
  writeFileSync(join(rig.home, FILE), CODE);
  const data = VALUES.map((_, id) => ({ id }));
  const work = await land(rig.context, { a: [JSON.stringify({ data })] });
  const [file] = uploaded(await runOne(upload, rig.context, work)).files;
  const published = file === undefined ? [] : await rowsOf(rig.context, file);
  const taken = new Set(published.map(({ id }) => Number(id)));
  const said: [string, string][] = [];
  const seen: [string, string][] = [];
  for (const [id, value] of VALUES.entries()) {
    if (isUntold(value, type)) continue;
    said.push([value, fitOf(type, facts[id] as ValueFact)]);
    seen.push([value, taken.has(id) ? 'yes' : 'no']);
  }
  expect(said).toEqual(seen);
});

/** Types do not tell which instant a Date is, nor which texts a list holds. */
function isUntold(value: string, type: string): boolean {
  return value.startsWith("['") ? type.startsWith('list') : value === 'new Date(1)' && type === 'date';
}
