import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { startSnowflake } from '../support/snowflake.ts';
import { FILES, STATEMENTS } from './statements.ts';
import { answers } from './wire.ts';

// Most answers were first given by the single script that this emulator was once, and are compared with it here.
test('each statement is answered as before', async () => {
  await using snowflake = await startSnowflake();
  await mkdir(join(snowflake.gcsRoot, 'lake', 'p', 'dt=2026-01-01'), { recursive: true });
  await mkdir(join(snowflake.gcsRoot, 'lake', 'j'), { recursive: true });
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  for (const sql of FILES) await duckdb.run(sql.replaceAll('{root}', snowflake.gcsRoot));

  const given = await answers(snowflake.url, STATEMENTS);

  await expect(given).toMatchFileSnapshot('answers.txt');
});
