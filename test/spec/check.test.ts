import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/spec/check.ts';
import { flawOf } from '../../src/spec/sql-text.ts';

const ONE = { sql: { name: 'one', condition: 'a = 1' } };
const FEW = { sql: { name: 'few', query: 'select 1 from partition_rows' } };

describe('a check', () => {
  test.each<[string, object, RegExp]>([
    ['no kind', {}, /exactly one kind/],
    ['two kinds', { row_count: { min: 1 }, reconcile: {} }, /exactly one kind/],
    ['a min above its max', { row_count: { min: 2, max: 1 } }, /min above its max/],
    ['a history too short to judge by', { volume_anomaly: { weeks: 3 } }, /4/],
    ['a sensitivity of nothing', { volume_anomaly: { sensitivity: 0 } }, /1/],
    ['an age that is no duration', { freshness: { column: 'a', max: '2 days' } }, /duration/],
    [
      'columns without a partner',
      { referential: { columns: ['a', 'b'], table: 't', references: ['a'] } },
      /as many/,
    ],
    ['a condition and a query', { sql: { ...ONE.sql, ...FEW.sql } }, /either condition or query/],
    ['neither', { sql: { name: 'one' } }, /either condition or query/],
    ['a share of a query', { sql: { ...FEW.sql, max: '1%' } }, /max_rows/],
    ['rows of a condition', { sql: { ...ONE.sql, max_rows: 1 } }, /a condition has max/],
    [
      'a query that is a statement',
      { sql: { name: 'x', query: 'delete from flights' } },
      /must be one query/,
    ],
    ['a condition that is empty', { row_count: { min: 1 }, where: ' ' }, /is empty/],
    ['where over what has no rows', { reconcile: {}, where: 'a = 1' }, /has no meaning/],
    ['where over a history', { volume_anomaly: {}, where: 'a = 1' }, /has no meaning/],
    ['where over a query', { ...FEW, where: 'a = 1' }, /has no meaning/],
  ])('refuses %s', (_, one, message) => {
    const issues = check.safeParse(one).error?.issues ?? [];
    expect(issues.map((issue) => issue.message).join()).toMatch(message);
  });

  test.each([{ row_count: { min: 0 } }, { volume_anomaly: {} }, ONE, FEW, { ...ONE, where: "b in ('x')" }])(
    'takes %j',
    (one) => expect(check.safeParse(one).error).toBeUndefined(),
  );
});

describe('SQL of an author', () => {
  test.each([
    ['a = 1) or (b = 2', 'closes a parenthesis that it did not open'],
    ['(a = 1', 'opens a parenthesis and does not close it'],
    ['a = 1; drop table flights', 'must not hold ; outside quotes'],
    ['a = 1 -- or not', 'must not hold -- outside quotes'],
    ['a = 1 /* or not', 'must not hold /* outside quotes'],
    // A comment on Snowflake, a division on DuckDB.
    ['a = 4 // 2', 'must not hold // outside quotes'],
    ["a = 'b", "has a ' that nothing closes"],
    ['"a = 1', 'has a " that nothing closes'],
    ["a = 'b\\' or ')'", 'has a \\ before a quote, which the warehouses read differently'],
    ['a = $1', 'must not hold $ outside quotes'],
    ['a = :1', 'must not hold : outside quotes'],
    ['a = ?', 'must not hold ? outside quotes'],
  ])('%s is refused', (sql, flaw) => expect(flawOf(sql)).toBe(flaw));

  test.each([
    "status in ('it''s', ')(', ';--') and not (a is null)",
    'cast(a as integer) = 1 and "odd ;name" = 2 and a::date = b',
    "regexp_like(a, '^\\d+$') and a <> '?' and b - -1 > 0",
  ])('%s is one expression', (sql) => expect(flawOf(sql)).toBeUndefined());

  test('what is let through stays between its parentheses, whatever it is', async () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '(',
      ')',
      ';',
      '-',
      '/',
      '*',
      '\\',
      'a',
      ' ',
      '\n',
      '1',
      '=',
      ',',
      '$',
      ':',
    );
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run('CREATE TABLE t AS SELECT 1 AS a');
    // Whether DuckDB reads it or refuses it: it reads one statement, in which the marker is not touched.
    const statements = async (sql: string) => {
      try {
        return (await connection.extractStatements(sql)).count;
      } catch {
        return undefined;
      }
    };
    try {
      const property = fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const sql = pieces.join('');
        fc.pre(flawOf(sql) === undefined);
        expect([1, undefined]).toContain(await statements(`SELECT (\n${sql}\n) AS marker FROM t`));
        // Beside a second column it could not swallow the first.
        const wrapped = `SELECT 7 AS kept, CASE WHEN (\n${sql}\n) THEN 1 END AS marker FROM t`;
        const found = await connection.runAndReadAll(wrapped).catch(() => undefined);
        if (found !== undefined) expect(found.columnNames()).toEqual(['kept', 'marker']);
      });
      await fc.assert(property, { numRuns: 2000 });
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});
