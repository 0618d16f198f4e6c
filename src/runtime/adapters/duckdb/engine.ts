import { totalmem } from 'node:os';
import { blobValue, type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Logger } from 'pino';
import { stopped } from '../../errors.ts';
import { processors } from '../../processors.ts';
import { duckdbFailure } from './failure.ts';

const MEBIBYTE = 2 ** 20;

export interface EngineOptions {
  /** The database file; absent: in memory, spilling to `scratch`. */
  readonly path?: string;
  /** Folder for what does not fit into memory. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Bytes that one piece of work needs at once in each thread, such as the largest page. */
  readonly largestPiece?: number;
  /** MiB for all else; a third of what the process may use unless told. */
  readonly memory?: number;
  /**
   * One thread, which keeps rows in their order by itself: to keep the order of several DuckDB gathers rows in memory,
   * of which nobody can say how much it takes.
   */
  readonly sequential?: boolean;
  /** Called once the database is closed. */
  readonly closed?: () => void;
}

/** Bytes become a BLOB. */
export type BoundValue = DuckDBValue | Uint8Array;

export type Row = Record<string, unknown>;

/** One DuckDB connection in UTC that loads no extension, stops with the signal and says what its errors mean. */
export class Engine implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #signal: AbortSignal;
  readonly #log: Logger;
  readonly #interrupt: () => void;
  readonly #closed: (() => void) | undefined;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, options: EngineOptions) {
    this.#instance = instance;
    this.#connection = connection;
    this.#signal = options.signal;
    this.#log = options.log;
    this.#closed = options.closed;
    this.#interrupt = () => connection.interrupt();
    this.#signal.addEventListener('abort', this.#interrupt);
  }

  /** Fails with DuckDB's own error, so that a caller may wait for a lock. */
  static async open(options: EngineOptions): Promise<Engine> {
    const sequential = options.sequential === true;
    const threads = sequential ? 1 : Math.min(processors(), 4);
    const instance = await DuckDBInstance.create(options.path ?? ':memory:', {
      threads: String(threads),
      memory_limit: `${memoryLimit((options.largestPiece ?? 0) * threads, options.memory)}MiB`,
      preserve_insertion_order: String(!sequential),
      // Files are read once, or so seldom that the system's own cache will do.
      enable_external_file_cache: 'false',
      temp_directory: options.scratch,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    try {
      const connection = await instance.connect();
      await connection.run("SET TimeZone = 'UTC'");
      return new Engine(instance, connection, options);
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  /** Runs one statement; `doing` is for the message of a failure. Returns the rows that it changed. */
  async run(doing: string, sql: string, values: readonly BoundValue[] = []): Promise<number> {
    const result = await this.#guarded(doing, sql, () => this.#connection.run(sql, bound(values)));
    return result.rowsChanged;
  }

  async rows(doing: string, sql: string, values: readonly BoundValue[] = []): Promise<Row[]> {
    const reader = await this.#guarded(doing, sql, () => this.#connection.runAndReadAll(sql, bound(values)));
    return reader.getRowObjectsJS();
  }

  async #guarded<T>(doing: string, sql: string, work: () => Promise<T>): Promise<T> {
    if (this.#signal.aborted) throw stopped();
    this.#log.debug({ sql }, doing);
    try {
      return await work();
    } catch (error) {
      if (this.#signal.aborted) throw stopped();
      throw duckdbFailure(error, doing);
    }
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#interrupt);
    this.#connection.closeSync();
    this.#instance.closeSync();
    this.#closed?.();
  }
}

function bound(values: readonly BoundValue[]): DuckDBValue[] {
  return values.map((value) => (value instanceof Uint8Array ? blobValue(value) : value));
}

/** MiB: a third of what the process may use, between 256 and 1024, and more where single pieces are large. */
function memoryLimit(pieces: number, base?: number): number {
  const added = (4 * pieces) / MEBIBYTE;
  if (base !== undefined) return Math.ceil(base + added);
  const constrained = process.constrainedMemory();
  const available = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  const third = Math.min(Math.max(available / 3 / MEBIBYTE, 256), 1024);
  return Math.ceil(third + added);
}
