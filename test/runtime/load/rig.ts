import { join } from 'node:path';
import type { StepContext, Work } from '../../../src/runtime/context.ts';
import type { LoadDetails } from '../../../src/runtime/receipt.ts';
import { load } from '../../../src/runtime/steps/load.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import {
  type JobChanges,
  landRecords,
  PARTITION,
  query,
  receiptOf,
  runOne,
  writeJob,
} from '../upload/rig.ts';

export function flightsJob(changes: JobChanges = {}) {
  return writeJob({
    columns: [
      { name: 'id', from: ['id'], type: 'integer' },
      { name: 'day', from: ['day'], type: 'date' },
      { name: 'note', from: ['note'] },
    ],
    load: { table: 'flights', on_empty: 'replace' },
    ...changes,
  });
}

export interface Extraction {
  partition?: string;
  /** Hour of the day after the partition; later extractions are newer. */
  hour?: number;
  total?: number | null;
}

/** Lands and uploads records: what load is given. Each call is a run of its own. */
export async function uploaded(
  context: StepContext,
  records: readonly unknown[],
  { partition = PARTITION, hour = 6, total = null }: Extraction = {},
): Promise<Work> {
  const extractedAt = `2026-02-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
  const folder = Math.random().toString(16).slice(2);
  const work = await landRecords(context, records, { partition, extractedAt, total, folder });
  const outcome = await runOne(upload, context, work);
  return { partition, previous: receiptOf(context, 'upload', partition, outcome), requestsUsed: 0 };
}

/** Runs load and returns what it says of itself. */
export async function loaded(context: StepContext, work: Work): Promise<LoadDetails> {
  return (await runOne(load, context, work)).details as LoadDetails;
}

export function warehousePath(home: string): string {
  return join(home, 'warehouse/test.duckdb');
}

/** Declared columns of the table, partition by partition. */
export function tableRows(home: string, columns = 'id, note'): Promise<Record<string, unknown>[]> {
  return query(
    warehousePath(home),
    `SELECT CAST(_pipegen_partition AS VARCHAR) AS partition, ${columns} FROM raw.flights ORDER BY ALL`,
  );
}

export function loadRecords(home: string): Promise<Record<string, unknown>[]> {
  return query(warehousePath(home), 'SELECT * FROM raw._pipegen_loads ORDER BY committed_at');
}
