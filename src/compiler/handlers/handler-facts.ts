/** A place in a file of the project. */
export interface Span {
  /** Relative to the project, `/` between folders. */
  readonly file: string;
  /** Offsets in UTF-16 units, `end` excluded. */
  readonly start: number;
  readonly end: number;
}

/** What the compiler wants to know of an export that a pipeline names. */
export interface HandlerQuestion {
  readonly role: 'source' | 'transform';
  readonly file: string;
  readonly exported: string;
  /** The source handler whose records a transform gets, where there is one. */
  readonly recordsOf?: { readonly file: string; readonly exported: string };
  /** Types that a build writes, path in the project → text: a handler may import them before the first build. */
  readonly generated: Readonly<Record<string, string>>;
}

/**
 * What a value may be. A text, number or truth value that is known stands in `literals` and not in `kinds`;
 * `unfit` is what JSON has no word for, such as a function or a Map; `anything` is what can't be told.
 */
export const KINDS = [
  'text',
  'number',
  'bigint',
  'boolean',
  'date',
  'list',
  'object',
  'null',
  'undefined',
  'unfit',
  'anything',
] as const;
export type Kind = (typeof KINDS)[number];

export interface ValueFact {
  /** As TypeScript prints it. */
  readonly type: string;
  readonly kinds: readonly Kind[];
  readonly literals: readonly (string | number | boolean)[];
  /** What a list holds. */
  readonly items?: ValueFact | undefined;
}

export interface FieldFact extends ValueFact {
  readonly at: Span;
}

/** One place at which a transform returns or yields. */
export type ReturnFact =
  | {
      readonly kind: 'row';
      readonly at: Span;
      readonly fields: Readonly<Record<string, FieldFact>>;
      /** It may have fields that its type does not name. */
      readonly open: boolean;
    }
  | { readonly kind: 'not_a_row'; readonly at: Span; readonly type: string };

/** What TypeScript says of an export, as data: the compiler judges it. */
export type HandlerFact =
  | { readonly kind: 'absent'; readonly exports: readonly string[] }
  | { readonly kind: 'value'; readonly at: Span; readonly type: string }
  | {
      readonly kind: 'function';
      readonly at: Span;
      /** Parameters without which it can't be called. */
      readonly required: number;
      /** A parameter that does not take what it is called with. */
      readonly refuses?:
        | { readonly parameter: string; readonly type: string; readonly wanted: string; readonly at: Span }
        | undefined;
      /** Fields of the record that a transform needs and the records of its source handler do not have. */
      readonly lacking: readonly { readonly field: string; readonly at: Span }[];
      /** What a source returns where it is no async iterable of batches; `item` where only its items are none. */
      readonly noSource?: { readonly type: string; readonly item: boolean } | undefined;
      /** A type in its signature that the project does not have, and why. */
      readonly unresolved?: { readonly type: string; readonly reason: string; readonly at: Span } | undefined;
      readonly returns: readonly ReturnFact[];
    };

/**
 * Answers in the order of the questions.
 *
 * @param readText called for each file that an answer depends on: the findings may point into it
 */
export type ReadHandlers = (
  questions: readonly HandlerQuestion[],
  readText: (path: string) => string | undefined,
) => readonly HandlerFact[];
