/** Where the reading of a slice stands: what has been received and what is asked for next. */
export interface Position {
  /** Number of the next page, from 1. */
  page: number;
  /** Records received so far; the next page begins there. */
  offset: number;
  /** What the API last said there is in all; null where it does not say. */
  total: number | null;
  /** Stands for the records of the page before: the same twice in a row means a loop. */
  fingerprint: string | null;
  /** Nothing is left to ask for. */
  ended: boolean;
}

export const BEGINNING: Readonly<Position> = {
  page: 1,
  offset: 0,
  total: null,
  fingerprint: null,
  ended: false,
};

export interface Page {
  /** From 1. */
  index: number;
  /** The answer's body as received, content encoding undone; UTF-8. */
  body: Uint8Array;
  records: number;
  /** What this page says there is in all; null where it does not say. */
  total: number | null;
  /** Where the reading stands after this page. */
  next: Position;
}

export interface SliceRequest {
  partition: string;
  /** Value of the slice; null without slices. */
  slice: string | null;
  from: Readonly<Position>;
  signal: AbortSignal;
  /** Called just before each request is sent, retries included. */
  onRequest(): void;
}

/**
 * An API read slice by slice, page by page. Budget and rate limit are shared by all that one source reads.
 * Fails with `StepError`; no message holds the key. An aborted signal ends it with the signal's reason.
 */
export interface Source {
  /** What a slice asks for, for people and to tell two requests apart: never with the key. */
  describe(partition: string, slice: string | null): string;
  /** The pages from a position on, each asked for only when it is wanted. */
  readSlice(request: SliceRequest): AsyncIterable<Page>;
  /** Where a reading stands after a page that was kept. Fails where the page is not one. */
  advance(from: Readonly<Position>, body: Uint8Array): Omit<Page, 'index' | 'body'>;
}
