import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import { openSnowflakeSession } from '../../../src/runtime/adapters/snowflake/session.ts';
import { openSnowflakeWarehouse } from '../../../src/runtime/adapters/snowflake/warehouse.ts';
import type { Snowflake } from '../../../src/spec/snowflake.ts';
import { snowflakeIdentifier } from '../../../src/warehouse-tables/snowflake.ts';
import { warehouseContract } from './contract.ts';
import { openReader } from './reader.ts';
import { optionsOf, type Rig } from './rig.ts';

/** `make test-snowflake`: the contract of warehouses on a real account, by the internal stage. See docs/snowflake.md. */
const VARIABLES = ['ACCOUNT', 'USER', 'PRIVATE_KEY_FILE', 'DATABASE', 'SCHEMA', 'WAREHOUSE', 'ROLE'] as const;

const variable = (name: (typeof VARIABLES)[number]) => process.env[`SNOWFLAKE_${name}`] ?? '';

/** Everything in the schema is dropped at the end, so it must have nothing in it. */
async function openAccount(): Promise<Rig> {
  const scratch = mkdtempSync(join(tmpdir(), 'pipegen-test-account-'));
  const warehouse: Snowflake = {
    ...{ kind: 'snowflake', account: variable('ACCOUNT'), database: variable('DATABASE') },
    ...{
      schema: variable('SCHEMA'),
      compute: variable('WAREHOUSE'),
      role: variable('ROLE'),
      stage: 'internal',
    },
    auth: { kind: 'key_pair', user: variable('USER'), file: resolve(variable('PRIVATE_KEY_FILE')) },
  };
  const options = { ...optionsOf('', 'internal', scratch), warehouse };
  const session = await openSnowflakeSession(options);
  const schema = `${snowflakeIdentifier(warehouse.database)}.${snowflakeIdentifier(warehouse.schema)}`;
  const named = (table: string) => `${schema}.${snowflakeIdentifier(table)}`;
  const tables = () => session.rows('look for tables', `SHOW TABLES IN SCHEMA ${schema}`);
  if ((await tables()).length > 0) {
    await session[Symbol.asyncDispose]();
    throw new Error(`${schema} has tables: name a schema with nothing in it, since all of it is dropped`);
  }
  const reader = openReader('snowflake', (sql) => session.rows('read', sql));
  return {
    store: createFilesStore(join(scratch, 'lake')),
    open: () => openSnowflakeWarehouse(options),
    rows: (table, columns) => reader(named(table), columns),
    [Symbol.asyncDispose]: async () => {
      for (const { name } of await tables()) await session.run('drop', `DROP TABLE ${named(String(name))}`);
      await session[Symbol.asyncDispose]();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

const missing = VARIABLES.filter((name) => variable(name) === '').map((name) => `SNOWFLAKE_${name}`);
if (missing.length === 0) warehouseContract('snowflake, on a real account', openAccount);
else test.skip(`on a real account: not run, since ${missing.join(', ')} are not set`, () => undefined);
