import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CheckDetails, Receipt } from '../../src/runtime/receipt.ts';
import { startStandIn } from '../../src/stand-in/server.ts';
import { openConnection } from '../runtime/warehouse/connection.ts';
import { startSnowflake } from '../support/snowflake.ts';
import { createProject, type Project } from './project.ts';

const DATE = '2026-01-31';

/** The receipt of the check step of the one run there is. */
function checkReceipt({ folder }: Project): Receipt<CheckDetails> {
  const files = globSync(`.pipegen/lake/receipts/flights/${DATE}/*/check.json`, { cwd: folder });
  expect(files).toHaveLength(1);
  return JSON.parse(readFileSync(join(folder, files[0] ?? ''), 'utf8'));
}

/** Checks what a run loaded again and again, each time by another spec. */
async function checkAgain(project: Project, count: () => Promise<unknown>): Promise<void> {
  await using standIn = {
    ...(await startStandIn({ today: '2026-02-05', flightsPerAirlineAndDay: 20 })),
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
  const loaded = await project.run(['flights', '--date', DATE], standIn);
  expect(loaded.exit, loaded.stderr).toBe(0);
  const asked = standIn.requests.length;
  const loads = await count();
  const first = checkReceipt(project);
  expect(first.details?.checks.map(({ name }) => name)).toEqual(['rows_as_loaded']);

  const only = async (condition: string) => {
    project.edit((spec) => {
      spec.pipelines.flights.checks = [
        { sql: { name: 'airlines', condition }, when: 'after_load' },
        { freshness: { column: 'flight_date', max: '1s' }, when: 'after_load' },
      ];
    });
    return project.run(['flights', '--date', DATE, '--only', 'check'], standIn);
  };
  const good = await only("airline_iata in ('AA', 'LH', 'DL', 'NH')");
  expect(good.exit, good.stderr).toBe(0);
  expect(good.result.partitions[0]?.steps.map(({ step }) => step)).toEqual(['check']);
  expect(checkReceipt(project)).toMatchObject({
    status: 'done',
    run_id: first.run_id,
    message: expect.stringContaining('3 of 3 checks'),
  });

  const bad = await only("airline_iata = 'LH'");
  expect(bad.exit).toBe(1);
  expect(bad.result.partitions[0]?.steps).toMatchObject([{ step: 'check', status: 'failed', exit: 65 }]);
  const failed = checkReceipt(project);
  expect(failed).toMatchObject({
    status: 'failed',
    exit: 65,
    message: expect.stringContaining('check sql(airlines) failed'),
  });
  expect(failed.details?.checks.map(({ name, passed }) => [name, passed])).toEqual([
    ['rows_as_loaded', true],
    ['sql(airlines)', false],
    ['freshness(flight_date)', true],
  ]);
  expect(failed.details?.checks[1]?.sample?.[0]).toMatchObject({ flight_date: DATE, airline_iata: 'AA' });
  // What the terminal says has the checks of the step that failed, too.
  const shown = await project.pipegen(['run', 'flights', '--date', DATE, '--only', 'check'], standIn);
  expect(shown.stdout).toContain('FAILED: sql(airlines) of 2026-01-31 measured');

  const wrong = await only('no_such_column');
  expect(wrong.result.partitions[0]?.steps).toMatchObject([{ step: 'check', exit: 78 }]);
  expect(standIn.requests).toHaveLength(asked);
  expect(await count()).toEqual(loads);
}

it('checks what is loaded without a load, on DuckDB', async () => {
  await using project = createProject({ dbt: false });
  await checkAgain(project, () => project.query('select count(*) from raw._pipegen_loads'));
});

it('checks what is loaded without a load, on Snowflake', async () => {
  await using snowflake = await startSnowflake();
  await using connection = await openConnection(snowflake);
  await connection.query('CREATE SCHEMA IF NOT EXISTS "RAW"."AVIATION"');
  await using project = createProject({
    dbt: false,
    change: (spec) => {
      spec.environments = {
        local: {
          ...spec.environments.local,
          warehouse: {
            ...{
              kind: 'snowflake',
              account: 'emulator',
              endpoint: snowflake.url,
              database: 'RAW',
              schema: 'AVIATION',
            },
            ...{ compute: 'LOADING', role: 'LOADER', stage: 'internal' },
          },
        },
      };
    },
  });
  await checkAgain(project, () =>
    connection.query('SELECT count(*) AS N FROM "RAW"."AVIATION"."_PIPEGEN_LOADS"'),
  );
});
