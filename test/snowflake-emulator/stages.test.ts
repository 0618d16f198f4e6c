import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../runtime/stores/emulator.ts';
import { startSnowflake } from '../support/snowflake.ts';
import { connect } from './connect.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipegen-stages-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function duckdb(...statements: string[]) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const sql of statements.slice(0, -1)) await connection.run(sql);
  const reader = await connection.runAndReadAll(statements.at(-1) ?? '');
  return reader.getRowObjects();
}

test('PUT by the driver, COPY, LIST, REMOVE of an internal stage, which ends with its session', async () => {
  await using snowflake = await startSnowflake();
  const path = join(folder, "it's one.parquet");
  await duckdb(`copy (select range as id from range(3)) to '${path.replace("'", "''")}' (format parquet)`);
  const client = await connect(snowflake);
  await client.rows('create temporary stage files file_format = (type = parquet)');
  await client.rows('create table loaded (id integer, name varchar)');

  const put = await client.rows(
    `PUT 'file://${path.replace("'", "''")}' @files/some AUTO_COMPRESS = FALSE OVERWRITE = TRUE`,
  );
  const copy = await client.rows(
    `copy into loaded from (select $1:id::integer, metadata$filename from @files/some)
     files = ('it\\'s one.parquet')`,
  );

  const listed = await client.rows('list @files');
  expect(put).toMatchObject([{ source: "it's one.parquet", target: "it's one.parquet", status: 'UPLOADED' }]);
  expect(copy).toMatchObject([{ file: "files/some/it's one.parquet", status: 'LOADED', rows_loaded: '3' }]);
  expect(listed).toMatchObject([{ name: "files/some/it's one.parquet" }]);
  expect(await client.rows('select distinct name from loaded')).toEqual([{ NAME: "some/it's one.parquet" }]);
  expect(await client.rows('remove @files/some')).toHaveLength(1);
  expect(await client.rows('list @files')).toEqual([]);
  await client[Symbol.asyncDispose]();
  await using other = await connect(snowflake);
  expect(await other.rows('show stages')).toEqual([]);
});

test('objects written through the API of Google Cloud Storage are seen through a stage', async () => {
  await using gcs = await startEmulator(folder);
  await using snowflake = await startSnowflake({ gcsRoot: folder });
  await gcs.createBucket('lake');
  const name = 'landing/dt=2026-01-01/part 1.json';
  await fetch(`${gcs.url}/upload/storage/v1/b/lake/o?uploadType=media&name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body: '{"id":9007199254740993}\n',
  });
  await using client = await connect(snowflake);
  await client.rows("create stage lake url = 'gcs://lake/landing/' file_format = (type = json)");
  await client.rows('create table loaded (id number(38,0))');

  await client.rows(
    "copy into loaded from (select $1:id::number(38,0) from @lake) files = ('dt=2026-01-01/part 1.json')",
  );

  expect(await client.rows('list @lake')).toMatchObject([{ name: `gcs://lake/${name}` }]);
  expect(await client.rows('select id from loaded')).toEqual([{ ID: '9007199254740993' }]);
});

const VALUES = `
  select * from (values
    (1::bigint, 99999999999999999999999999999999999999::decimal(38,0), 5e-324::double, timestamp '0001-01-01 00:00:00',
      date '0001-01-01', time '00:00:00.000001', 'ü\\''' || chr(1) || repeat('x', 70000), true),
    (9223372036854775807, -99999999999999999999999999999999999999, 1.7976931348623157e308,
      timestamp '9999-12-31 23:59:59.999999', date '9999-12-31', time '23:59:59.999999', 'null', false),
    (-9223372036854775808, 0, -0.1, timestamp '1969-12-31 23:59:59.999999', date '1969-12-31', time '12:00:00', '', null),
    (null, null, null, null, null, null, null, null)
  ) t(whole, decimals, doubles, moment, day, hour, words, truth)`;

test('values keep every digit from parquet to the driver', async () => {
  await using snowflake = await startSnowflake();
  const bucket = join(snowflake.gcsRoot, 'lake');
  await mkdir(bucket);
  await duckdb(`copy (${VALUES}) to '${join(bucket, 'values.parquet')}' (format parquet)`);
  await using client = await connect(snowflake);
  await client.rows("create stage lake url = 'gcs://lake' file_format = (type = parquet)");
  await client.rows(`create table kept (whole number(38,0), decimals number(38,0), doubles double, moment timestamp_ntz,
    day date, hour time, words varchar, truth boolean)`);
  await client.rows("alter session set timestamp_ntz_output_format = 'YYYY-MM-DD HH24:MI:SS.FF6'");

  await client.rows(
    `copy into kept from (select $1:whole::number(38,0), $1:decimals::number(38,0), $1:doubles::double,
      $1:moment::timestamp_ntz, $1:day::date, $1:hour::time, $1:words::varchar, $1:truth::boolean from @lake)
     files = ('values.parquet')`,
  );

  const shown =
    'whole::varchar w, decimals::varchar n, moment::varchar t, day::varchar d, hour::varchar h, words, truth::varchar b';
  const wanted = await duckdb(`select ${shown} from (${VALUES}) order by whole nulls last`);
  const found = await client.rows(`select ${shown} from kept order by whole nulls last`);
  expect(found.map((row) => Object.values(row))).toEqual(wanted.map((row) => Object.values(row)));
  const driven = await client.rows(
    'select whole, decimals, doubles, moment, day from kept order by whole nulls last',
  );
  expect(driven).toEqual([
    {
      ...{ WHOLE: '-9223372036854775808', DECIMALS: '0', DOUBLES: '-0.1' },
      ...{ MOMENT: '1969-12-31 23:59:59.999999', DAY: '1969-12-31' },
    },
    {
      ...{ WHOLE: '1', DECIMALS: '99999999999999999999999999999999999999', DOUBLES: '5e-324' },
      ...{ MOMENT: '0001-01-01 00:00:00.000000', DAY: '0001-01-01' },
    },
    {
      ...{ WHOLE: '9223372036854775807', DECIMALS: '-99999999999999999999999999999999999999' },
      ...{ DOUBLES: '1.7976931348623157e+308', MOMENT: '9999-12-31 23:59:59.999999', DAY: '9999-12-31' },
    },
    { WHOLE: null, DECIMALS: null, DOUBLES: null, MOMENT: null, DAY: null },
  ]);
});

test('bound values arrive as they were given', async () => {
  await using snowflake = await startSnowflake();
  await using client = await connect(snowflake);
  const text = `'"; drop table t; -- \\ ? :1 ü\n\u0001`;

  const [row] = await client.rows('select :1 a, ?::number(38,0) b, :3 c, :1 d'.replace('?', ':2'), [
    text,
    '99999999999999999999999999999999999999',
    null,
  ]);

  expect(row).toEqual({ A: text, B: '99999999999999999999999999999999999999', C: null, D: text });
});

test('it ends with its owner, also where that is killed', async () => {
  const script = join(folder, 'owner.ts');
  const support = new URL('../support/snowflake.ts', import.meta.url).href;
  await writeFile(
    script,
    `import { startSnowflake } from '${support}'; console.log((await startSnowflake()).url);`,
  );
  const { spawn } = await import('node:child_process');
  const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = String(await new Promise((resolve) => owner.stdout.once('data', resolve))).trim();
  expect((await fetch(`${url}/_emu/log`)).ok).toBe(true);

  owner.kill('SIGKILL');

  await expect.poll(() => fetch(`${url}/_emu/log`).catch(() => 'gone'), { timeout: 60_000 }).toBe('gone');
  expect(await readdir(folder)).toEqual(['owner.ts']);
});
