import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emit } from '../../src/compiler/emit.ts';
import { AIRFLOW_VERSIONS } from '../../src/spec/environment.ts';
import { definition, PROCESS, tasks } from '../compiler/emit/definitions.ts';
import { type Inspection, inspect } from './airflow.ts';

/** Schedule, time zone, `start_date`, and the day of the first run. */
const SCHEDULES = [
  ['0 6 * * *', 'UTC', '2025-01-01', '2025-01-01'],
  ['0 0 * * *', 'UTC', '2025-01-01', '2025-01-01'],
  ['59 23 * * *', 'UTC', '2024-02-29', '2024-02-29'],
  ['0 1 * * *', 'Asia/Tokyo', '2025-06-01', '2025-06-01'],
  ['0 0 * * *', 'Asia/Tokyo', '2025-06-01', '2025-06-01'],
  ['30 23 * * *', 'Pacific/Honolulu', '2025-06-01', '2025-06-01'],
  ['30 3 * * *', 'America/New_York', '2025-03-08', '2025-03-08'],
  ['30 3 * * *', 'America/New_York', '2025-03-09', '2025-03-09'],
  ['0 0 * * *', 'America/New_York', '2025-03-09', '2025-03-09'],
  ['30 1 * * *', 'America/New_York', '2025-11-01', '2025-11-01'],
  ['30 1 * * *', 'America/New_York', '2025-11-02', '2025-11-02'],
  // Midnight is left out there on 9 March.
  ['0 6 * * *', 'America/Havana', '2025-03-08', '2025-03-08'],
  ['0 6 * * *', 'America/Havana', '2025-03-09', '2025-03-09'],
  ['0 6 * * 1', 'UTC', '2025-01-01', '2025-01-06'],
  ['0 6 * * 1', 'UTC', '2025-01-06', '2025-01-06'],
  ['0 6 * * 1-5', 'Europe/Berlin', '2025-01-04', '2025-01-06'],
  ['0 0 * * 7', 'UTC', '2025-01-01', '2025-01-05'],
  ['0 6 1 * *', 'UTC', '2025-01-02', '2025-02-01'],
  ['0 6 13 * 5', 'UTC', '2025-06-01', '2025-06-06'],
  ['0 0 29 2 *', 'UTC', '2025-01-01', '2028-02-29'],
  ['0 * * * *', 'UTC', '2025-01-01', '2025-01-01'],
  ['0 * * * *', 'America/New_York', '2025-11-02', '2025-11-02'],
  ['*/15 * * * *', 'Asia/Kolkata', '2025-01-01', '2025-01-01'],
  ['0 6,18 * * *', 'Europe/Berlin', '2025-03-30', '2025-03-30'],
] as const;

describe.each(AIRFLOW_VERSIONS)('Airflow %s', (version) => {
  let folder = '';
  let found: Inspection;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pipegen-first-run-'));
    const dags = SCHEDULES.map(([cron, timezone, startDate], index) =>
      definition({
        dagId: `schedule_${index}`,
        airflow: version,
        schedule: { kind: 'cron', cron, timezone },
        timezone,
        startDate,
        catchup: true,
        launcher: PROCESS,
        tasks: tasks(['dbt']),
      }),
    );
    for (const { path, content } of emit(dags)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    found = await inspect(version, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(SCHEDULES.map((row, index) => [...row, index] as const))(
    '%s in %s from %s on begins with %s',
    (_cron, _timezone, _startDate, expected, index) => {
      expect(found.dags[`schedule_${index}`]?.first_partition).toBe(expected);
    },
  );
});
