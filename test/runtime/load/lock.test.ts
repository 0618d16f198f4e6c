import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openDuckdbWarehouse } from '../../../src/runtime/adapters/duckdb/duckdb-warehouse.ts';
import type { StepContext } from '../../../src/runtime/context.ts';
import { openRig, query } from '../upload/rig.ts';
import { holdOpen } from './holder.ts';
import { flightsJob, loaded, loadRecords, uploaded, warehousePath } from './rig.ts';

function open(context: StepContext, patience: number) {
  return openDuckdbWarehouse({ ...context, path: warehousePath(context.home), schema: 'raw', patience });
}

test('a file that another process has open is waited for, then the step fails as temporary', async () => {
  using rig = openRig(flightsJob());
  await loaded(rig.context, await uploaded(rig.context, [{ id: 1 }]));
  const mark = join(rig.home, 'released');
  const holder = await holdOpen(warehousePath(rig.home), mark);
  await expect(open(rig.context, 0)).rejects.toMatchObject({
    exit: 75,
    message: expect.stringMatching(/locked by another process.*PID/),
  });
  const work = await uploaded(rig.context, [{ id: 2 }], { hour: 7 });
  const waiting = loaded(rig.context, work);
  await holder.release();
  expect(await waiting).toMatchObject({ changed: true });
  expect(existsSync(mark)).toBe(true);
});

test('waiting for a lock ends with SIGTERM', async () => {
  const abort = new AbortController();
  using rig = openRig(flightsJob(), { signal: abort.signal });
  await mkdir(dirname(warehousePath(rig.home)), { recursive: true });
  await query(warehousePath(rig.home), 'SELECT 1');
  const holder = await holdOpen(warehousePath(rig.home), join(rig.home, 'released'));
  const waiting = open(rig.context, 60_000);
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ exit: 143 });
  await holder.release();
});

test('loads of one process take turns', async () => {
  using rig = openRig(flightsJob());
  const partitions = ['2026-01-29', '2026-01-30', '2026-01-31'];
  const works = await Promise.all(
    partitions.map((partition) => uploaded(rig.context, [{ id: 1 }], { partition })),
  );
  await Promise.all(works.map((work) => loaded(rig.context, work)));
  expect(await loadRecords(rig.home)).toHaveLength(3);
});

test('a file that is no database is a configuration error', async () => {
  using rig = openRig(flightsJob());
  await mkdir(dirname(warehousePath(rig.home)), { recursive: true });
  await writeFile(warehousePath(rig.home), 'no database at all, only text '.repeat(500));
  await expect(open(rig.context, 0)).rejects.toMatchObject({
    exit: 78,
    message: expect.stringContaining('not a valid DuckDB database'),
  });
});
