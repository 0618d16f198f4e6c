import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Emulator, startEmulator } from '../runtime/stores/emulator.ts';
import { type LoggedStatement, type Snowflake, startSnowflake } from '../support/snowflake.ts';
import { connect, type Database } from './database.ts';
import { type Ran, runToEnd } from './run-to-end.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PYTHON = join(ROOT, '.venv', 'loader-review', 'bin', 'python');
const FOLDER = join(ROOT, 'docs', 'loader-review');
export const BUCKET = 'acme-raw';
/** The name that the script takes by itself. */
const TABLE = 'FLIGHTS';

export type Row = readonly [partition: string, id: string, note: string | null];

/** What an API sends. */
export interface Flight {
  readonly id: number | string;
  readonly note: string | null;
}

/** The hand-written pair, and the two services that it uses. */
export interface ByHand extends AsyncDisposable {
  readonly snowflake: Snowflake;
  readonly bucket: Emulator;
  /** `snowflake.py MODE PARTITION` with a file of these records, or with the names of objects for `copy`. */
  load(
    mode: 'append' | 'replace' | 'copy',
    partition: string,
    source: readonly Flight[] | string,
    options?: { table?: string; signal?: AbortSignal },
  ): Promise<Ran>;
  /** `gcs.py PARTITION FOLDER` with one file for each page; the names of objects that it gives to `copy`. */
  upload(partition: string, pages: readonly (readonly Flight[])[]): Promise<string>;
  /** Without faults, its table and its objects, as each test begins. */
  clean(): Promise<void>;
  /** Waits until the log of Snowflake is as asked for. */
  until(condition: (log: readonly LoggedStatement[]) => boolean): Promise<void>;
  /** What is in its table, in order. */
  rows(): Promise<Row[]>;
  readonly database: Database;
}

export async function startByHand(): Promise<ByHand> {
  await using started = new AsyncDisposableStack();
  const snowflake = started.use(await startSnowflake());
  const bucket = started.use(await startEmulator(snowflake.gcsRoot));
  const database = started.use(await connect(snowflake));
  await database.rows(`create stage FLIGHTS_STAGE url = 'gcs://${BUCKET}/' storage_integration = GCS`);
  const environment = {
    ...{ SNOWFLAKE_HOST: '127.0.0.1', SNOWFLAKE_PORT: String(snowflake.port), SNOWFLAKE_PROTOCOL: 'http' },
    // The emulator knows COPY with this only; what CONTINUE does is Snowflake's documentation.
    ON_ERROR: 'ABORT_STATEMENT',
    ...{ STORAGE_EMULATOR_HOST: bucket.url, BUCKET, KEY_FILE: '/nonexistent' },
  };
  const python = (args: readonly string[], signal?: AbortSignal) =>
    runToEnd(PYTHON, ['-P', ...args], environment, signal);
  const all = started.move();
  return {
    snowflake,
    bucket,
    load: (mode, partition, source, { table = TABLE, signal } = {}) =>
      inFolder(async (folder) => {
        const file = join(folder, 'rows.json');
        await writeFile(file, JSON.stringify(source));
        const from = typeof source === 'string' ? source : file;
        return python([join(FOLDER, 'snowflake.py'), mode, partition, from, table], signal);
      }),
    upload: (partition, pages) =>
      inFolder(async (folder) => {
        for (const [index, page] of pages.entries()) {
          await writeFile(join(folder, `${index + 1}.json`), JSON.stringify(page));
        }
        const { output } = await python([join(FOLDER, 'gcs.py'), partition, folder]);
        return output.trim().split('\n').at(-1) ?? '';
      }),
    clean: async () => {
      await snowflake.faults([]);
      await database.rows(`drop table if exists ${TABLE}`);
      await rm(join(snowflake.gcsRoot, BUCKET, 'flights'), { recursive: true, force: true });
    },
    until: async (condition) => {
      while (!condition(await snowflake.log())) await sleep(50);
    },
    rows: () =>
      database.rows(
        'select to_varchar("partition") p, to_varchar(ID) i, NOTE n from FLIGHTS order by 1, 2, 3',
      ),
    database,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function inFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'pipegen-by-hand-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
