import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBack } from '../../../src/compiler/job.ts';
import { snowflakeDialect } from '../../../src/runtime/adapters/snowflake/dialect.ts';
import { openSnowflakeWarehouse } from '../../../src/runtime/adapters/snowflake/warehouse.ts';
import type { WrittenJob } from '../../../src/spec/job.ts';
import { openConnection, type Querying } from '../../runtime/warehouse/connection.ts';
import { optionsOf } from '../../runtime/warehouse/rig.ts';
import { type Snowflake, startSnowflake } from '../../support/snowflake.ts';
import { compileText } from '../diff/project.ts';
import { statementsOf } from './set-up.ts';
import { EXTERNAL, INTERNAL, silenced } from './specs.ts';

let snowflake: Snowflake;
let connection: Querying;

beforeAll(async () => {
  snowflake = await startSnowflake();
  connection = await openConnection(snowflake);
});

afterAll(async () => {
  await connection?.[Symbol.asyncDispose]();
  await snowflake?.[Symbol.asyncDispose]();
});

/** All that SHOW tells of what the set-up made. */
async function seen(): Promise<Record<string, unknown>> {
  const shown: Record<string, unknown> = {};
  const sorted = async (sql: string) => {
    const rows = (await connection.query(sql)).map((row) => JSON.stringify(row));
    return rows.sort().map((row) => JSON.parse(row) as Record<string, unknown>);
  };
  for (const what of [
    'ROLES',
    'USERS',
    'WAREHOUSES',
    'RESOURCE MONITORS',
    'INTEGRATIONS',
    'STAGES IN ACCOUNT',
  ]) {
    shown[what] = await sorted(`SHOW ${what}`);
  }
  for (const role of ['ACME_LOADER', 'ACME_TRANSFORMER', 'ACME_READER', 'INGEST', 'SYSADMIN']) {
    shown[role] = await sorted(`SHOW GRANTS TO ROLE ${role}`);
  }
  return shown;
}

describe('the set-up of a Snowflake account', () => {
  it('runs, and running it again changes nothing', async () => {
    const statements = [EXTERNAL, INTERNAL].flatMap((text) =>
      statementsOf(compileText(silenced(text)).files),
    );
    expect(statements.length).toBeGreaterThan(70);
    for (const one of statements) await connection.query(one);
    const first = await seen();
    for (const one of statements) await connection.query(one);
    expect(await seen()).toEqual(first);
    const names = (rows: unknown) => (rows as { name: string }[]).map(({ name }) => name);
    expect(names(first.WAREHOUSES)).toEqual(['LOADING', 'SMALL']);
    expect(names(first['RESOURCE MONITORS'])).toEqual(['ACME_LOADING', 'INGEST_SMALL']);
    expect(first['STAGES IN ACCOUNT']).toMatchObject([
      { name: 'PIPEGEN_STAGE', url: 'gcs://acme-raw/lake/pipegen/', owner: 'SYSADMIN' },
    ]);
  });

  it('leaves the tables with the role that loads them, and readable for dbt before they are there', async () => {
    const tables = await connection.query('SHOW TABLES IN SCHEMA "ACME"."RAW"');
    expect(tables.map(({ name, owner }) => [name, owner])).toEqual([
      ['TABLE', 'ACME_LOADER'],
      ['_PIPEGEN_CHECKS', 'ACME_LOADER'],
      ['_PIPEGEN_LOADS', 'ACME_LOADER'],
    ]);
    const grants = await connection.query('SHOW GRANTS TO ROLE ACME_TRANSFORMER');
    const selects = grants.filter(({ privilege }) => privilege === 'SELECT').map(({ name }) => String(name));
    expect(selects.map((name) => name.replaceAll('"', '')).sort()).toEqual([
      'ACME.RAW.TABLE',
      'ACME.RAW._PIPEGEN_CHECKS',
      'ACME.RAW._PIPEGEN_LOADS',
    ]);
  });

  it('makes the tables that a load makes, and a load finds nothing to change in them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipegen-set-up-'));
    try {
      const { dags } = compileText(silenced(EXTERNAL));
      const job = readBack(JSON.parse(dags[0]?.jobText ?? '') as WrittenJob);
      const columns = (job.columns ?? []).map(({ name, type }) => ({ name, type }));
      const options = optionsOf(snowflake.url, 'PIPEGEN_STAGE', folder);
      const prepare = async (database: string) => {
        const place = { ...options.warehouse, database, schema: 'raw' };
        await using warehouse = await openSnowflakeWarehouse({ ...options, warehouse: place });
        await warehouse.prepare('table', columns);
      };
      await prepare('loaded');
      for (const table of ['table', '_pipegen_loads', '_pipegen_checks']) {
        const name = snowflakeDialect.identifier(table);
        const described = async (database: string) => {
          // The emulator describes what is in the session's own database.
          await connection.query(`USE DATABASE ${database}`);
          return connection.query(`DESCRIBE TABLE ${database}.RAW.${name}`);
        };
        expect(await described('ACME')).not.toEqual([]);
        expect(await described('ACME')).toEqual(await described('LOADED'));
      }
      await prepare('acme');
      const log = await snowflake.log();
      expect(log.filter(({ sql }) => /^ALTER TABLE "ACME"/.test(sql))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
