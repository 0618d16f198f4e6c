/**
 * What handlers are written against, as `pipegen/handlers`: the context that they get, what they give back, and the
 * errors by which they say how a step shall end.
 */

/** The calendar day that a run handles, in the time zone of the pipeline's schedule. */
export interface Partition {
  /** `2026-01-31` */
  readonly date: string;
  /** Where the day begins and where the next one does: ISO 8601 with the zone's offset. */
  readonly start: string;
  readonly end: string;
  /** IANA name. */
  readonly timezone: string;
}

/** One line each in the step's log, secrets removed. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface RequestOptions {
  /** `POST` where there is a body, else `GET`. */
  readonly method?: 'GET' | 'POST';
  /** May hold secrets: they are not logged, and a redirect to another host goes without them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, sent as JSON. */
  readonly json?: unknown;
}

/** An answer that is no error, after its redirects. */
export interface Answer {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As received, content encoding undone. */
  readonly body: Uint8Array;
  /** The body as UTF-8. */
  text(): string;
  /** The body as JSON; `BadData` where it is none. */
  json<Value = unknown>(): Value;
}

export interface SourceContext<Checkpoint = unknown, Options = Readonly<Record<string, unknown>>> {
  readonly partition: Partition;
  /** The value of the slice to read; null without slices. */
  readonly slice: string | null;
  /** What the last batch that landed said, when a retry goes on after it; undefined at the beginning. */
  readonly checkpoint: Checkpoint | undefined;
  /** `options` of the source. */
  readonly options: Options;
  /** Value of one of the source's `secrets`, by its name there. */
  secret(name: string): string;
  /**
   * Asks over HTTP, within budget and rate limit of the source. What is temporary is asked again, as the source's
   * `retry` says; what remains throws an error that ends the step with the right exit code, and whose `status` is the
   * answer's.
   */
  request(url: string | URL, options?: RequestOptions): Promise<Answer>;
  /** Counts a request that another client is about to make, and waits for its turn in the rate limit. */
  spend(): Promise<void>;
  readonly log: Log;
  /** Aborted when the step is to stop. */
  readonly signal: AbortSignal;
}

/** What a source handler yields: it is landed as one page before the handler is asked for the next. */
export interface Batch<SourceRecord = unknown, Checkpoint = unknown> {
  readonly records: readonly SourceRecord[];
  /**
   * Any JSON: a retry begins after this batch with it as `context.checkpoint`. Where the last batch that landed has
   * none, a retry begins anew.
   */
  readonly checkpoint?: Checkpoint;
  /** Records of the slice in all, where the source says it; what comes is compared with it. */
  readonly total?: number;
}

/** A source: an async generator of batches; when it returns, the slice is complete. */
export type SourceHandler<
  SourceRecord = unknown,
  Checkpoint = unknown,
  Options = Readonly<Record<string, unknown>>,
> = (context: SourceContext<Checkpoint, Options>) => AsyncIterable<Batch<SourceRecord, Checkpoint>>;

export interface TransformContext {
  readonly partition: Partition;
  /** The value of the slice that the record came from; null without slices. */
  readonly slice: string | null;
  readonly log: Log;
}

/** A value of a column: a `Date` is an instant, an array or object is for a column of type json. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | undefined
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Values by the names of the columns; a column that is not there is null. */
export type Row = Readonly<Record<string, Value>>;

/** A row, several of them, or none: null leaves the record out, and it is counted as filtered. */
export type Rows = Row | null | undefined | Iterable<Row> | AsyncIterable<Row>;

/** A transform: from a record of the source to rows of the pipeline's columns. */
// biome-ignore lint/suspicious/noExplicitAny: what a record is, its source alone knows
export type Transform<SourceRecord = any> = (
  record: SourceRecord,
  context: TransformContext,
) => Rows | Promise<Rows>;

/** How a step ends, seen also across two copies of this package. */
const END: unique symbol = Symbol.for('pipegen.handlers.end') as never;

export type End = 'temporary' | 'bad_data' | 'configuration';

class HandlerError extends Error {
  readonly [END]: End;

  constructor(end: End, message: string, options?: ErrorOptions) {
    super(message, options);
    this[END] = end;
  }
}

/** A retry may mend it: the step ends with 75, and Airflow tries again. */
export class Temporary extends HandlerError {
  override readonly name = 'Temporary';
  constructor(message: string, options?: ErrorOptions) {
    super('temporary', message, options);
  }
}

/**
 * The data is not what was agreed. In a source the step ends with 65 and is not tried again; in a transform the row
 * is set aside.
 */
export class BadData extends HandlerError {
  override readonly name = 'BadData';
  constructor(message: string, options?: ErrorOptions) {
    super('bad_data', message, options);
  }
}

/** A person must change something first: the step ends with 78 and is not tried again. */
export class Configuration extends HandlerError {
  override readonly name = 'Configuration';
  constructor(message: string, options?: ErrorOptions) {
    super('configuration', message, options);
  }
}

/** Which of the errors above it is; undefined for any other. */
export function endOf(error: unknown): End | undefined {
  return error instanceof Error ? (error as { [END]?: End })[END] : undefined;
}
