import { describe, expect, test } from 'vitest';
import { copyStatement, FILES_OF_A_COPY, rowsOfFiles } from '../../../src/runtime/adapters/snowflake/copy.ts';
import { SnowflakeStaging } from '../../../src/runtime/adapters/snowflake/stage.ts';
import type { ObjectStore } from '../../../src/runtime/ports/object-store.ts';
import type { SqlSession } from '../../../src/runtime/sql-warehouse/session.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';

describe('COPY', () => {
  test('names every column, casts every value, and names its files', () => {
    const columns = [
      { name: 'id', type: 'integer' },
      { name: 'extra', type: 'json' },
      { name: 'tags', type: 'list(string)' },
    ];
    expect(copyStatement('"T"', '"S"', columns, [`it's.parquet`, 'b.parquet'])).toBe(
      `COPY INTO "T" ("ID", "EXTRA", "TAGS")
FROM (SELECT $1:"id"::NUMBER(38,0), PARSE_JSON($1:"extra"::VARCHAR), $1:"tags"::VARIANT FROM @"S")
FILES = ('it''s.parquet', 'b.parquet')
FILE_FORMAT = (TYPE = PARQUET BINARY_AS_TEXT = FALSE USE_LOGICAL_TYPE = TRUE TRIM_SPACE = FALSE NULL_IF = ())
ON_ERROR = ABORT_STATEMENT FORCE = TRUE`,
    );
  });

  const loaded = (file: string, rows: unknown) => ({ file, status: 'LOADED', rows_loaded: rows });

  test('the rows of each file are found whatever the answer calls it and however it is sorted', () => {
    const answer = [loaded('gcs://lake/team/p/b.parquet', '3'), loaded('p/a.parquet', 2)];
    expect(rowsOfFiles(answer, ['p/a.parquet', 'p/b.parquet'])).toEqual([2, 3]);
  });

  test.each([
    ['nothing was loaded, and no file is named', [{ status: 'Copy executed with 0 files processed.' }]],
    ['there is no answer at all', []],
    ['a file is missing', [loaded('gcs://lake/x/b.parquet', 1)]],
    ['a name only ends alike', [loaded('gcs://lake/xa.parquet', 1)]],
    ['a file was loaded in part', [{ ...loaded('a.parquet', 1), status: 'PARTIALLY_LOADED' }]],
    ['a file was passed over', [{ ...loaded('a.parquet', 0), status: 'LOAD_SKIPPED' }]],
  ])('it is a defect where %s', (_, answer) => {
    expect(() => rowsOfFiles(answer, ['a.parquet'])).toThrow(
      expect.objectContaining({ exit: EXIT.defect, message: expect.stringContaining('a.parquet') }),
    );
  });

  test('more files than one COPY may name are loaded by several', async () => {
    const files = Array.from({ length: 2 * FILES_OF_A_COPY + 1 }, (_, index) => ({
      ...{ name: `published/part-${index}.parquet`, size: 1, sha256: '', rows: index },
    }));
    const copies: number[] = [];
    const session = {
      run: async () => 0,
      rows: async (_: string, sql: string) => {
        if (sql.startsWith('SHOW')) return [{ name: 'S', url: 'gcs://lake/' }];
        const names = [...(/FILES = \((.*)\)/.exec(sql)?.[1] ?? '').matchAll(/'([^']*)'/g)];
        copies.push(names.length);
        return names.map(([, name = '']) =>
          loaded(`gcs://lake/${name}`, Number(/part-(\d+)/.exec(name)?.[1])),
        );
      },
    } as unknown as SqlSession;
    const staging = new SnowflakeStaging({
      ...{ session, place: { database: 'd', schema: 's' }, stage: 's', scratch: '' },
      signal: new AbortController().signal,
    });
    const counts = await staging.stage({ location: 'gs://lake' } as ObjectStore, files, []);
    expect(copies).toEqual([1000, 1000, 1]);
    expect(counts).toEqual(files.map(({ rows }) => rows));
  });
});
