import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Snowflake, startSnowflake } from '../support/snowflake.ts';
import { DAILY, DAILY_QUERY, SCORECARD, SCORECARD_QUERY, UTC, UTC_QUERY } from './expected.ts';
import { FLIGHTS, rawFlights } from './flights.ts';
import { run, runDbt } from './run-dbt.ts';

const ENVIRONMENTS = join(import.meta.dirname, '..', '..', '.venv');

let folder: string;
let snowflake: Snowflake;
let connection: Record<string, string | number>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipegen-dbt-snowflake-'));
  snowflake = await startSnowflake();
  const { account, host, port, protocol } = snowflake.connection;
  const who = { user: 'test', password: 'test' };
  connection = { account, host, port, protocol, ...who, database: 'ANALYTICS', schema: 'MARTS' };
});

afterAll(async () => {
  await snowflake[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function onSnowflake(statements: readonly string[]): Promise<object[]> {
  const { exit, output } = await run(
    join(ENVIRONMENTS, 'dbt', 'bin', 'python'),
    [join(import.meta.dirname, 'snowflake_sql.py')],
    {},
    JSON.stringify({ connection, statements }),
  );
  if (exit !== 0) throw new Error(output);
  return JSON.parse(output) as object[];
}

test('on Snowflake the same models give the same numbers', async () => {
  await onSnowflake(['create schema if not exists marts', ...rawFlights(FLIGHTS)]);

  const output = { type: 'snowflake', warehouse: 'TRANSFORMING', ...connection };
  const build = await runDbt(folder, output, 'build');
  expect(build.exit, build.output).toBe(0);

  expect(await onSnowflake([UTC_QUERY])).toEqual(UTC);
  expect(await onSnowflake([DAILY_QUERY])).toEqual(DAILY);
  expect(await onSnowflake([SCORECARD_QUERY])).toEqual(SCORECARD);
});
