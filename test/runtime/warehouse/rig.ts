import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckdbType } from '../../../src/runtime/adapters/duckdb/types.ts';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import { createGcsStore, type GcsLocation } from '../../../src/runtime/adapters/gcs/gcs-store.ts';
import type { SnowflakeWarehouseOptions } from '../../../src/runtime/adapters/snowflake/warehouse.ts';
import type { ObjectStore } from '../../../src/runtime/ports/object-store.ts';
import type { LoadRecord, Warehouse, WarehouseColumn } from '../../../src/runtime/ports/warehouse.ts';
import type { PublishedFile } from '../../../src/runtime/receipt.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { identifier, literal } from '../../../src/runtime/sql/quote.ts';
import type { Snowflake as SnowflakeSettings } from '../../../src/spec/snowflake.ts';
import { type Snowflake, startSnowflake } from '../../support/snowflake.ts';
import { startEmulator } from '../stores/emulator.ts';
import { openConnection } from './connection.ts';
import { openReader } from './reader.ts';

/** A value as the file holds it, as text; JSON for lists and json. */
export type Cell = string | null;
export type Row = Readonly<Record<string, Cell>>;

/** A warehouse with nothing in it, and a store that it can load from. */
export interface Rig extends AsyncDisposable {
  readonly store: ObjectStore;
  /** A session of its own. */
  open(): Promise<Warehouse>;
  /** The rows of a table as another session sees them, as texts, sorted. */
  rows(table: string, columns: readonly WarehouseColumn[]): Promise<Row[]>;
}

export interface SnowflakeRig extends Rig {
  readonly snowflake: Snowflake;
  readonly options: SnowflakeWarehouseOptions;
  /** Of the store; with the internal stage there is none. */
  readonly bucket: GcsLocation | undefined;
}

export const PARTITION = '2026-01-31';

/** Writes rows to a parquet file in the store as upload does. */
export async function publishFile(
  store: ObjectStore,
  columns: readonly WarehouseColumn[],
  rows: readonly Row[],
): Promise<PublishedFile> {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-test-file-'));
  try {
    const [from, to] = [join(folder, 'rows.json'), join(folder, 'rows.parquet')];
    // DuckDB's reader of JSON takes no NUL, not even escaped: it comes as a text in its place.
    writeFileSync(from, rows.map((row) => `${JSON.stringify(row).replaceAll('\\u0000', NUL)}\n`).join(''));
    const all = [
      ...columns,
      { name: '_pipegen_source_file', type: 'string' },
      { name: '_pipegen_row_hash', type: 'string' },
    ];
    const texts = all.map(({ name }) => `${literal(name)}: 'VARCHAR'`);
    const values = all.map(({ name, type }) => {
      const text = `replace(${identifier(name)}, '${NUL}', chr(0))`;
      const typed = type.startsWith('list(') ? `CAST(${text} AS JSON)` : text;
      return `CAST(${typed} AS ${duckdbType(type)}) AS ${identifier(name)}`;
    });
    await onDuckdb(':memory:', (run) =>
      run(
        `COPY (SELECT ${values.join(', ')} FROM read_json(${literal(from)}, format = 'newline_delimited', maximum_object_size = 134217728, columns = {${texts.join(', ')}})) TO ${literal(to)} (FORMAT parquet)`,
      ),
    );
    const bytes = readFileSync(to);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const name = `published/flights/${PARTITION}/part-${sha256}.parquet`;
    const { size } = await store.putIfAbsent(name, { bytes }, sha256);
    return { name, size, sha256, rows: rows.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NUL = '<the character NUL>';

/** A statement on a DuckDB file that is opened for it alone. */
export async function onDuckdb<T>(
  path: string,
  work: (run: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export function loadOf(
  table: string,
  files: readonly PublishedFile[],
  changes: Partial<LoadRecord> = {},
): LoadRecord {
  return {
    loadId: randomUUID(),
    pipeline: 'flights',
    table,
    partition: PARTITION,
    runId: 'manual__1',
    job: 'job',
    extractedAt: '2026-02-01T06:00:00.000Z',
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    files: files.map((file) => file.sha256),
    ...changes,
  };
}

export async function openDuckdbRig(): Promise<Rig> {
  const { openDuckdbWarehouse } = await import('../../../src/runtime/adapters/duckdb/duckdb-warehouse.ts');
  const { pino } = await import('pino');
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-test-warehouse-'));
  const path = join(folder, 'test.duckdb');
  const reader = openReader('duckdb', (sql) => onDuckdb(path, (run) => run(sql)));
  return {
    store: createFilesStore(join(folder, 'lake')),
    open: () =>
      openDuckdbWarehouse({
        ...{ path, schema: 'raw', scratch: folder, signal: new AbortController().signal },
        log: pino({ level: 'silent' }),
      }),
    rows: (table, columns) => reader(`"test"."raw".${identifier(table)}`, columns),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The stage over a bucket of fake-gcs-server that the emulator of Snowflake reads, or the internal one and a folder. */
export async function openSnowflakeRig(kind: 'external' | 'internal'): Promise<SnowflakeRig> {
  const stack = new AsyncDisposableStack();
  try {
    const folder = mkdtempSync(join(tmpdir(), 'pipegen-test-warehouse-'));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const gcsRoot = join(folder, 'buckets');
    const snowflake = stack.use(await startSnowflake({ gcsRoot }));
    const query = stack.use(await openConnection(snowflake)).query;
    const options = optionsOf(snowflake.url, kind === 'internal' ? 'internal' : 'pipegen_stage', folder);
    await query('CREATE SCHEMA IF NOT EXISTS "RAW"."AVIATION"');
    let store = createFilesStore(join(folder, 'lake'));
    let bucket: GcsLocation | undefined;
    if (kind === 'external') {
      const gcs = stack.use(await startEmulator(gcsRoot));
      await gcs.createBucket('lake');
      bucket = { bucket: 'lake', prefix: 'team', endpoint: gcs.url };
      store = createGcsStore(bucket, options.signal);
      await query(`CREATE STAGE "RAW"."AVIATION"."PIPEGEN_STAGE" URL = 'gcs://lake/team/'`);
    }
    const { openSnowflakeWarehouse } = await import('../../../src/runtime/adapters/snowflake/warehouse.ts');
    const reader = openReader('snowflake', query);
    const held = stack.move();
    return {
      snowflake,
      options,
      store,
      bucket,
      open: () => openSnowflakeWarehouse(options),
      rows: (table, columns) => reader(`"RAW"."AVIATION".${identifier(table.toUpperCase())}`, columns),
      [Symbol.asyncDispose]: () => held.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

export function settings(endpoint: string, stage: string): SnowflakeSettings {
  return {
    ...{ kind: 'snowflake', account: 'emulator', endpoint, database: 'raw', schema: 'aviation', stage },
    ...{ compute: 'loading', role: 'loader' },
  };
}

export function optionsOf(endpoint: string, stage: string, scratch: string): SnowflakeWarehouseOptions {
  return {
    warehouse: settings(endpoint, stage),
    ...{ scratch, home: scratch, environment: {}, secret: () => '', redact: createRedactor([]) },
    signal: new AbortController().signal,
    identity: {
      ...{
        partitions: [PARTITION],
        dagId: 'flights',
        taskId: 'load',
        runId: 'manual__1',
        run: randomBytes(6).toString('hex'),
      },
      ...{ tryNumber: 1, generation: 0 },
    },
  };
}
