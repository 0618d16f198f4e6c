/** Where the reading of a list stands: what has been received and what is asked for next. */
export interface Position {
  /** Number of the next page, from 1. */
  page: number;
  /** Records received so far; by offset the next page begins there. */
  offset: number;
  /** What the source last said there is in all; null where it does not say. */
  total: number | null;
  /** Stands for the records of the page before: the same twice in a row means a loop. */
  fingerprint: string | null;
  /** The body of the page before, to compare with where the fingerprint is the same; null where none follows. */
  before: Buffer | null;
  /** The cursor, the address or the checkpoint that the next page is asked for with; null before the first page. */
  next: string | null;
  /** Nothing is left to ask for. */
  ended: boolean;
  /**
   * What pages were asked for with, and the number of the first page that was: coming back to one means a loop. One
   * map for all positions of a reading, which only grows.
   */
  visited: Map<string, number>;
}

/** The position before the first page of a reading. */
export function beginning(): Position {
  return {
    page: 1,
    offset: 0,
    total: null,
    fingerprint: null,
    before: null,
    next: null,
    ended: false,
    visited: new Map(),
  };
}

/** What a page says about itself and about what follows it. */
export interface Advance {
  records: number;
  /** What this page says there is in all; null where it does not say. */
  total: number | null;
  /** Where the reading stands after this page. */
  next: Position;
  /**
   * What of `next` does not stand in the body, such as a cursor from a header: kept in an object of its own, written
   * before the page, so that a retry knows it. Null where the body says it all.
   */
  note: string | null;
}

export interface Page extends Advance {
  /** From 1. */
  index: number;
  /** As received, content encoding undone. */
  body: Buffer;
}

/** Values for the `${…}` of a request, by expression, such as `partition.start`, `slice.airline`, `order.id`. */
export type Values = Readonly<Record<string, string>>;

/** One list of a source, read page by page. */
export interface List {
  /** The rows, or the parents of a `for_each`. */
  of: 'records' | 'parents';
  partition: string;
  /** Value of the slice; null without slices. */
  slice: string | null;
  values: Values;
}

export interface Reader {
  list: List;
  from: Readonly<Position>;
  signal: AbortSignal;
  /** Called just before each request is sent, retries included. */
  onRequest(): void;
}

/** Name of what pages hold, as the ending of their names. */
export type Ending = 'json' | 'jsonl' | 'csv';

/**
 * An API or handler read list by list, page by page. Budget and rate limit are shared by all that one source reads.
 * Fails with `StepError`; no message holds the key. An aborted signal ends it with the signal's reason.
 */
export interface Source {
  /** What pages of records are; those of parents are JSON. */
  readonly ending: Ending;
  /** What a list asks for, for people and to tell two requests apart: never with the key. */
  describe(list: List): string;
  /** The pages from a position on, each asked for only when it is wanted. */
  read(reader: Reader): AsyncIterable<Page>;
  /** Whether a reading that was cut off here can go on; absent: always. */
  resumable?(position: Readonly<Position>): boolean;
  /** Where a reading stands after a page that was kept, with its note. Fails where the page is not one. */
  advance(list: List, from: Readonly<Position>, body: Buffer, note: string | null): Promise<Advance>;
}

/**
 * The file of a list is not there, by the `missing` of the spec: it has been waited for as long as that says. Raised
 * before any page came.
 */
export class Missing extends Error {
  override readonly name = 'Missing';
}
