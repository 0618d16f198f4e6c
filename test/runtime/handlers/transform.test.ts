import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { BadData, Configuration, Temporary, type Transform } from '../../../src/handlers/handlers.ts';
import { partitionOf } from '../../../src/runtime/handlers/partition.ts';
import { parseRecords } from '../../../src/runtime/steps/upload/transform/parse-records.ts';
import { createRowText, LEFT_OUT } from '../../../src/runtime/steps/upload/transform/row-text.ts';
import { type TransformOptions, transformPages } from '../../../src/runtime/steps/upload/transform.ts';

const NAMES = ['id', 'same', 'big', 'at', 'day', 'nothing', 'nested', 'count', 'self'];

type Line = { p: number; r: unknown; e?: string };

/** A line as if its values did not stand in a list. */
function readLine(line: string, listed: readonly string[]): Line {
  const { v, ...others } = JSON.parse(line) as Line & { v?: unknown[] };
  if (v === undefined) return others;
  const fields = v.map((value, index) => [listed[index], value] as const);
  return { ...others, r: Object.fromEntries(fields.filter(([, value]) => value !== LEFT_OUT)) };
}

/** What a transform makes of pages of records, each a JSON text; the slice of a page is its number. */
async function run(
  transform: Transform,
  pages: readonly string[],
  changes: Partial<TransformOptions> & { counted?: number; types?: Record<string, string> } = {},
) {
  const unknown: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-transform-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'out'));
  const landed = pages.map((page, index) => {
    const path = join(folder, `${index}.json.gz`);
    writeFileSync(path, gzipSync(`{"data":${page}}`));
    const records = changes.counted ?? (JSON.parse(page) as unknown[]).length;
    return { name: `page-${index}`, path, records, slice: String(index + 1) };
  });
  const result = await transformPages(landed, {
    transform,
    reference: 'handlers/flights.ts#normalise',
    home: folder,
    text: createRowText(
      NAMES.map((name) => ({ name, type: changes.types?.[name] ?? 'string' })),
      (field) => unknown.push(field),
    ),
    parse: (page) => parseRecords(page, 'data'),
    context: {
      partition: partitionOf('2026-01-31', 'Europe/Berlin'),
      log: { info: () => undefined, warn: () => undefined },
    },
    folder: join(folder, 'out'),
    signal: new AbortController().signal,
    withhold: false,
    redact: (text) => text,
    ...changes,
  });
  const texts = result.files.map(({ path }) => readFileSync(path, 'utf8'));
  const lines = texts.map((text) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => readLine(line, result.listed)),
  );
  return { ...result, texts, lines, unknown };
}

const rows = (lines: readonly Line[][]) =>
  lines.flat().map(({ p, r, e }) => (e === undefined ? [p, r] : [p, e]));

test('sync, async, list, generator, async generator and null, in order', async () => {
  const kinds: Transform<{ id: number }>[] = [
    ({ id }) => ({ id }),
    async ({ id }) => ({ id }),
    ({ id }) => [{ id }, { id: -id }],
    function* ({ id }) {
      yield { id };
      yield { id: -id };
    },
    async function* ({ id }) {
      yield { id };
    },
    () => null,
    () => undefined,
    async () => [],
  ];
  const page = JSON.stringify(kinds.map((_, id) => ({ id })));
  const done = await run(
    (record: { id: number }, context) => kinds[record.id]?.(record, context),
    [page, page],
  );
  const once = [
    [1, { id: 0 }],
    [2, { id: 1 }],
    [3, { id: 2 }],
    [3, { id: -2 }],
    [4, { id: 3 }],
    [4, { id: -3 }],
    [5, { id: 4 }],
  ];
  expect(rows(done.lines)).toEqual([...once, ...once]);
  expect(done).toMatchObject({ filtered: 6, expanded: 4 });
  expect(done.files.map((file) => file.rows)).toEqual([7, 7]);
});

test('values: bigint, Date, nested, undefined; a long number keeps its digits', async () => {
  const done = await run(
    (record: { id: bigint; small: number }) => ({
      id: record.id,
      same: record.id === 9223372036854775807n,
      big: 2n ** 70n,
      at: new Date(0),
      day: new Date('2026-01-31T00:00:00Z'),
      nothing: undefined,
      nested: { list: [1, { deep: 12345678901234567890n }, record.small] },
    }),
    ['[{"id":9223372036854775807,"small":1.5,"text":"1234567890123456789"}]'],
    { types: { day: 'date' } },
  );
  expect(done.texts.join('')).toBe(
    '{"p":1,"r":{"id":9223372036854775807,"same":true,"big":1180591620717411303424,"at":"1970-01-01T00:00:00.000Z","day":"2026-01-31","nested":{"list":[1,{"deep":12345678901234567890},1.5]}}}\n',
  );
});

test.each<[string, Transform, string]>([
  [
    'throws',
    () => {
      throw new TypeError('no flight');
    },
    'TypeError: no flight',
  ],
  [
    'rejects',
    async () => {
      throw new BadData('odd');
    },
    'BadData: odd',
  ],
  [
    'throws a text',
    () => {
      throw 'plain';
    },
    'string plain',
  ],
  ['returns a text', () => 'x' as never, 'the row is a string and not an object of columns'],
  ['returns rows of texts', () => ['x'] as never, 'the row is a string and not an object of columns'],
  ['returns a Map', () => new Map() as never, 'the row is a Map and not an object of columns'],
  ['returns promises', () => [Promise.resolve({})] as never, 'the row is a Promise inside a list'],
  ['returns NaN', () => ({ id: Number.NaN }), 'the row holds NaN, which is no value'],
  ['returns a function', () => ({ id: () => 1 }) as never, 'the row holds a function'],
  ['returns an invalid Date', () => ({ id: new Date('x') }), 'the row holds an invalid Date'],
  ['returns half a character', () => ({ id: '\ud800' }), 'the row holds a lone surrogate'],
  [
    'returns a Date as a number',
    () => ({ count: new Date(0) }),
    'the row has a Date in count, which is integer',
  ],
  ['returns an instant as a date', () => ({ day: new Date(1) }), 'in day, which is a date: return a text'],
  [
    'fails half way',
    function* () {
      yield { id: 1 };
      throw new Error('late');
    },
    'Error: late',
  ],
])('what %s sets its record aside alone', async (_, transform, message) => {
  const bad = { id: 1 };
  const done = await run(
    (record: { id: number }, context) => (record.id === 1 ? transform(record, context) : { id: record.id }),
    [JSON.stringify([{ id: 0 }, bad, { id: 2 }])],
    {
      types: { count: 'integer', day: 'date' },
    },
  );
  expect(done.lines[0]?.[0]).toEqual({ p: 1, r: { id: 0 } });
  expect(done.lines[0]?.[1]).toEqual({ p: 2, e: expect.stringContaining(message), r: bad });
  expect(done.lines[0]?.[2]).toEqual({ p: 3, r: { id: 2 } });
  expect(done).toMatchObject({ filtered: 0, expanded: 0 });
});

test('an object that holds itself sets its record aside', async () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const { lines } = await run(() => loop as never, ['[{}]']);
  expect(lines[0]?.[0]?.e).toBe('the row is nested too deep, or holds itself');
});

test('where columns are masked, nothing of the record is kept beside the error', async () => {
  const { texts } = await run(
    (record: { name: string }) => {
      throw new Error(`no place for ${record.name}`);
    },
    ['[{"name":"Ada"}]'],
    { withhold: true },
  );
  expect(texts.join('')).toBe(
    '{"p":1,"e":"Error: the rest is withheld, since columns are masked","r":null}\n',
  );
});

test('fields that are no columns are left out and told once', async () => {
  const record = ({ id }: { id: number }) => ({ id, typo: 1, day: new Date('2026-01-31T00:00:00Z') });
  const { texts, unknown } = await run(record, ['[{"id":1},{"id":2}]'], { types: { day: 'date' } });
  expect(texts.join('')).toBe(
    '{"p":1,"r":{"id":1,"day":"2026-01-31"}}\n{"p":2,"r":{"id":2,"day":"2026-01-31"}}\n',
  );
  expect(unknown).toEqual(['typo']);
});

test('a message is redacted before it is written', async () => {
  const { texts } = await run(
    () => {
      throw new Error('with k3y');
    },
    ['[1]'],
    {
      redact: (text) => text.replaceAll('k3y', '***'),
    },
  );
  expect(texts.join('')).toContain('"e":"Error: with ***","r":1}');
});

test.each([
  [new Temporary('later'), 75],
  [new Configuration('set it'), 78],
])('%s ends the step', async (error, exit) => {
  await expect(
    run(() => {
      throw error;
    }, ['[{}]']),
  ).rejects.toMatchObject({ exit, message: expect.stringContaining(error.message) });
});

test('the context names partition and slice', async () => {
  const seen: unknown[] = [];
  await run((_, { partition, slice }) => void seen.push([partition, slice]), ['[1]', '[2]']);
  const partition = {
    date: '2026-01-31',
    start: '2026-01-31T00:00:00+01:00',
    end: '2026-02-01T00:00:00+01:00',
    timezone: 'Europe/Berlin',
  };
  expect(seen).toEqual([
    [partition, '1'],
    [partition, '2'],
  ]);
});

test('a page with another number of records than was counted is a defect', async () => {
  await expect(run(() => null, ['[1,2]'], { counted: 3 })).rejects.toMatchObject({
    exit: 70,
    message: expect.stringContaining('page-0 holds 2 records and its receipt says 3'),
  });
});

test('stops with the signal', async () => {
  const stop = new AbortController();
  const page = JSON.stringify(Array.from({ length: 5_000 }, (_, id) => ({ id })));
  let seen = 0;
  const running = run(
    () => {
      seen += 1;
      if (seen === 10) stop.abort(new Error('stopped'));
      return null;
    },
    [page],
    { signal: stop.signal },
  );
  await expect(running).rejects.toThrow('stopped');
  expect(seen).toBeLessThan(5_000);
});
