import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Bench, type Checks, KINDS, openBench, PARTITION } from './bench.ts';

const ROWS = [
  { id: '1', status: 'landed', delay: '5', place: 'FRA', day: '2026-01-30', seen: '2026-01-31 10:00:00' },
  { id: '1', status: 'landed', delay: '50', place: 'FRA', day: '2026-01-31', seen: '2026-01-31 22:30:00.25' },
  { id: '2', status: 'active', delay: null, place: 'JFK', day: '2026-01-29', seen: '2026-01-30 10:00:00' },
  { id: '3', status: null, delay: '7', place: 'QQQ', day: '2026-01-28', seen_local: '2026-01-31 23:59:59' },
  { id: null, status: null, delay: '7', place: null, day: '2026-01-28' },
];

/** A check, its name, what is measured, whether it passes, and what else is said. */
const CASES: readonly [
  check: Checks[number],
  name: string,
  measured: number | null,
  passed: boolean,
  more?: object,
][] = [
  [{ row_count: { min: 5, max: 5 } }, 'row_count', 5, true, { expected: 'exactly 5' }],
  [
    { row_count: { max: 1 }, where: "status = 'landed'" },
    'row_count',
    2,
    false,
    { expected: "at most 1 where status = 'landed'" },
  ],
  [{ null_rate: { column: 'delay', max: '20%' } }, 'null_rate(delay)', 0.2, true],
  [
    { null_rate: { column: 'delay', max: '99%' }, where: "status = 'active'" },
    'null_rate(delay)',
    1,
    false,
    { sample: [{ delay: null, status: 'active' }] },
  ],
  [{ null_rate: { column: 'delay', max: '0%' }, where: 'id = 99' }, 'null_rate(delay)', 0, true],
  [
    { duplicate_rate: { columns: ['id'] } },
    'duplicate_rate(id)',
    0.2,
    false,
    { sample: [{ id: '1', duplicates: '2' }] },
  ],
  [{ duplicate_rate: { columns: ['id', 'delay'] } }, 'duplicate_rate(id, delay)', 0, true],
  [{ duplicate_rate: { columns: ['day'] }, where: 'id is not null' }, 'duplicate_rate(day)', 0, true],
  [
    { duplicate_rate: { columns: ['status', 'place'] }, where: 'delay < 50' },
    'duplicate_rate(status, place)',
    0,
    true,
  ],
  // The day is over at midnight: 22:30:00.25 is 5,399.75 s before.
  [
    { freshness: { column: 'seen', max: '90m' } },
    'freshness(seen)',
    5399.75,
    true,
    { note: 'the newest is 2026-01-31 22:30:00.25' },
  ],
  [{ freshness: { column: 'seen', max: '89m' } }, 'freshness(seen)', 5399.75, false],
  [
    { freshness: { column: 'seen', max: '2d' }, where: "status = 'active'" },
    'freshness(seen)',
    38 * 3600,
    true,
  ],
  [{ freshness: { column: 'seen_local', max: '1s' } }, 'freshness(seen_local)', 1, true],
  [
    { freshness: { column: 'day', max: '1s' } },
    'freshness(day)',
    0,
    true,
    { note: 'the newest is 2026-01-31' },
  ],
  [{ freshness: { column: 'day', max: '2d' }, where: 'id = 3' }, 'freshness(day)', 3 * 86400, false],
  [
    { freshness: { column: 'day', max: '2d' }, where: 'id = 99' },
    'freshness(day)',
    null,
    false,
    { note: 'no row has a value of day' },
  ],
  [
    { referential: { columns: ['place'], table: 'places', references: ['code'], max: '20%' } },
    'referential(place in places)',
    0.2,
    true,
  ],
  [
    { referential: { columns: ['place'], table: 'places', references: ['code'] } },
    'referential(place in places)',
    0.2,
    false,
    { sample: [{ place: 'QQQ' }] },
  ],
  [
    {
      referential: { columns: ['place'], table: 'places', references: ['code'] },
      where: "status = 'landed'",
    },
    'referential(place in places)',
    0,
    true,
  ],
  [
    { referential: { columns: ['place', 'id'], table: 'places', references: ['code', 'nr'], max: '50%' } },
    'referential(place, id in places)',
    0.4,
    true,
  ],
  [
    { sql: { name: 'short', condition: 'delay <= 50' } },
    'sql(short)',
    0.2,
    false,
    { sample: [{ delay: null }] },
  ],
  [{ sql: { name: 'short', condition: 'delay <= 50 or delay is null' } }, 'sql(short)', 0, true],
  [
    { sql: { name: 'late', condition: 'delay < 50', max: '50%' }, where: "status = 'landed'" },
    'sql(late)',
    0.5,
    true,
  ],
  [
    {
      sql: {
        name: 'twice',
        query:
          'select status, count(*) as times from partition_rows where status is not null group by status having count(*) > 1',
      },
    },
    'sql(twice)',
    1,
    false,
    { expected: 'no row', sample: [{ status: 'landed', times: '2' }] },
  ],
  [
    { sql: { name: 'twice', query: 'with one as (select 1 as x) select x from one', max_rows: 1 } },
    'sql(twice)',
    1,
    true,
  ],
];

describe.each(KINDS)('checks on %s', (kind) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(kind);
    const columns = [
      { name: 'code', type: 'string' },
      { name: 'nr', type: 'integer' },
    ];
    await bench.fill(
      'places',
      [
        { code: 'FRA', nr: '1' },
        { code: 'JFK', nr: '7' },
      ],
      { columns },
    );
    await bench.fill('flights', [{ id: '77', delay: '1000' }], { partition: '2026-01-30' });
    await bench.fill('flights', ROWS);
  }, 120_000);
  afterAll(() => bench?.[Symbol.asyncDispose]());

  test('each kind measures the partition, and what is staged', async () => {
    // All at once: they share a scan and keep their order.
    for (const relation of [{ table: 'flights', partition: PARTITION }, 'staging'] as const) {
      const results = await bench.check(
        CASES.map(([check]) => structuredClone(check)),
        { relation },
      );
      expect(results).toHaveLength(CASES.length);
      for (const [index, [check, name, measured, passed, more = {}]] of CASES.entries()) {
        const close = measured === null ? null : expect.closeTo(measured, 9);
        expect(results[index], JSON.stringify(check)).toMatchObject({
          name: expect.stringMatching(new RegExp(`^${name.replace(/[()]/g, '\\$&')}(#\\d+)?$`)),
          ...{ measured: close, passed, ...more },
        });
        if (passed) expect(results[index]).not.toHaveProperty('sample');
      }
    }
  });

  test('the day ends where the schedule says; dates and local times have no zone', async () => {
    const checks: Checks = ['seen', 'seen_local', 'day'].map((column) => ({
      freshness: { column, max: '20h' },
    }));
    const results = await bench.check(checks, { timezone: 'America/New_York' });
    expect(results.map(({ measured }) => measured)).toEqual([5399.75 + 5 * 3600, 1, 0]);
  });

  test('a sample shows the key first, five rows at most, long texts cut and secrets hidden', async () => {
    const long = 'x'.repeat(70);
    await bench.fill('texts', [
      ...[9, 8, 7, 6, 5, 4].map((id) => ({ id: String(id), status: long })),
      { id: '1', status: 'a-secret-value' },
      { id: '2', status: "it's; drop\n\u001b[2Jtable" },
    ]);
    const [result] = await bench.check([{ sql: { name: 'none', condition: 'status is null' } }], {
      table: 'texts',
      key: { columns: ['id'], keep: 'last', max_duplicates: '0%' },
    });
    expect(result?.sample).toEqual([
      { id: '1', status: '***' },
      { id: '2', status: "it's; drop [2Jtable" },
      ...['4', '5', '6'].map((id) => ({ id, status: `${'x'.repeat(59)}…` })),
    ]);
    expect(Object.keys(result?.sample?.[0] ?? {})).toEqual(['id', 'status']);
    expect(bench.log.join('')).not.toContain('a-secret-value');
    expect(bench.log.join('')).toContain('such as the row with id 1, status ***');
  });

  test.each<[string, Checks[number]]>([
    ['sql(wrong)', { sql: { name: 'wrong', condition: 'no_such_column = 1' } }],
    ['sql(wrong)', { sql: { name: 'wrong', condition: 'delay = = 1' } }],
    ['sql(wrong)', { sql: { name: 'wrong', condition: 'cast(status as integer) = 1' } }],
    ['sql(wrong)', { sql: { name: 'wrong', query: 'select nothing from partition_rows' } }],
    ['row_count', { row_count: { min: 1 }, where: 'no_such_column' }],
    ['referential(place in nowhere)', { referential: { columns: ['place'], table: 'nowhere' } }],
    [
      'referential(place in places)',
      { referential: { columns: ['place'], table: 'places', references: ['nothing'] } },
    ],
  ])('%s of %j can not run: a configuration error that names it', async (name, wrong) => {
    const checks: Checks = [
      { row_count: { min: 1 } },
      { sql: { name: 'right', condition: 'delay < 99' } },
      wrong,
    ];
    await expect(bench.check(checks)).rejects.toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringContaining(
        `the check ${wrong.row_count === undefined ? name : 'row_count#2'} of ${PARTITION} could not run`,
      ),
    });
  });

  if (kind === 'snowflake')
    test('checks share one scan; what looks elsewhere has its own', async () => {
      const before = (await bench.statements()).length;
      await bench.check([
        { row_count: { min: 1 } },
        { null_rate: { column: 'delay', max: '99%' }, where: "status = 'landed'" },
        { duplicate_rate: { columns: ['id'], max: '99%' } },
        { freshness: { column: 'day', max: '9d' } },
        { sql: { name: 'any', condition: 'delay < 99', max: '99%' } },
        { referential: { columns: ['place'], table: 'places', references: ['code'], max: '99%' } },
      ]);
      const run = (await bench.statements()).slice(before);
      expect(
        run.filter((sql) => sql.includes('_PIPEGEN_PARTITION') && sql.startsWith('SELECT')),
      ).toHaveLength(2);
    });

  test('volume_anomaly compares with the same weekday, and leaves out what was one itself', async () => {
    const table = 'volumes';
    const check = (partition: string, published: number, runId: string) =>
      bench.check([{ volume_anomaly: { weeks: 5, sensitivity: 2 } }], {
        ...{ table, partition, runId, rows: { published } },
      });
    const fill = (partition: string, count: number, runId = partition) => {
      const rows = Array.from({ length: count }, (_, id) => ({ id: String(id) }));
      return bench.fill(table, rows, { partition, runId });
    };
    const counts = {
      '2025-12-13': 12,
      '2025-12-20': 11,
      '2025-12-27': 10,
      '2026-01-03': 12,
      '2026-01-10': 40,
    };
    for (const [saturday, count] of Object.entries(counts)) await fill(saturday, count);
    await fill('2026-01-16', 900);
    expect(await check('2026-01-17', 11, '2026-01-17')).toMatchObject([
      {
        passed: true,
        measured: 11,
        expected: '10 to 14 rows',
        note: 'the median of 5 loads of the same weekday is 12',
      },
    ]);
    await fill('2026-01-17', 900);
    await fill('2026-01-17', 11, 'corrected');
    // 2026-01-24 has no load; 10, 11, 12 and 40 have the median 11.5 and the deviations 0.5, 0.5, 1.5 and 28.5.
    const [before] = await check(PARTITION, 15, 'first');
    expect(before).toMatchObject({ passed: false, measured: 15, expected: '9 to 14 rows' });
    // What a run found that did not load changes nothing.
    expect(await check('2026-01-10', 40, 'refused')).toMatchObject([{ passed: false }]);
    expect(await check(PARTITION, 15, 'first')).toEqual([before]);
    expect(await check('2026-01-10', 40, '2026-01-10')).toMatchObject([{ passed: false }]);
    expect(await check(PARTITION, 15, 'first')).toMatchObject([
      {
        passed: true,
        note: 'not judged: 3 loads of the same weekday in 5 weeks, 1 anomalies left out, and 4 are needed',
      },
    ]);
  });
});
