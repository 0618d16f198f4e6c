import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAILY, DAILY_QUERY, SCORECARD, SCORECARD_QUERY, UTC, UTC_QUERY } from './expected.ts';
import { FLIGHTS, rawFlights } from './flights.ts';
import { run, runDbt } from './run-dbt.ts';

const ENVIRONMENTS = join(import.meta.dirname, '..', '..', '.venv');

let folder: string;
let emulator: ChildProcess;
let connection: Record<string, string | number>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipegen-dbt-snowflake-'));
  // Without a port it takes a free one, and says which.
  emulator = spawn(join(ENVIRONMENTS, 'snowflake-emulator', 'bin', 'fakesnow'), ['--server'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  connection = {
    account: 'fakesnow',
    host: '127.0.0.1',
    port: await portOf(emulator),
    protocol: 'http',
    user: 'test',
    password: 'test',
    database: 'ANALYTICS',
    schema: 'MARTS',
  };
});

afterAll(async () => {
  const ended = once(emulator, 'exit');
  emulator.kill('SIGINT');
  await ended;
  await rm(folder, { recursive: true, force: true });
});

function portOf(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (data) => {
      said += data;
      const port = /running on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    server.on('exit', (code) => reject(new Error(`fakesnow ended with ${code}: ${said}`)));
  });
}

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
