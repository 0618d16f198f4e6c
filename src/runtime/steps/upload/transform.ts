import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Transform, TransformContext } from '../../../handlers/handlers.ts';
import { endOf } from '../../../handlers/handlers.ts';
import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError } from '../../errors.ts';
import { jsonAgain, NotJson } from '../../handlers/json-text.ts';
import { describeThrown, handlerFailure } from '../../handlers/thrown.ts';
import { decodedPage, releasePage } from './decoded-page.ts';
import { isList, type RowText } from './transform/row-text.ts';
import { rowsOf } from './transform/rows-of.ts';

/** A landed page on this machine, and how its records are found. */
export interface PageToTransform {
  /** Object name, for messages. */
  readonly name: string;
  /** Local, gzipped. */
  readonly path: string;
  /** As the receipt says. */
  readonly records: number;
  /** Value of its slice; null without slices. */
  readonly slice: string | null;
}

export interface TransformOptions {
  readonly transform: Transform;
  /** `handlers/flights.ts#normalise`, for messages. */
  readonly reference: string;
  /** The project's folder, absolute: errors are placed by their files below it. */
  readonly home: string;
  /** How a row that it returns is written. */
  readonly text: RowText;
  /** What a decoded page, by its name, holds; undefined where it is not of the form that the spec says. */
  readonly parse: (page: Buffer, name: string) => readonly unknown[] | undefined;
  readonly context: Omit<TransformContext, 'slice'>;
  /** Where the rows go. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Keeps what the source wrote, and what an error says of it, out of quarantine: a masked column came from it. */
  readonly withhold: boolean;
  readonly redact: (text: string) => string;
}

/**
 * The rows of every page, each a file of JSON lines. A line is `{"p":POSITION,"v":[…]}` or `{"p":POSITION,"r":{…}}`,
 * where the position is that of the source's record in its page, from 1, `v` has the values of the `listed` fields and
 * `r` holds the columns by name; or `{"p":POSITION,"e":MESSAGE,"r":…}` with the source's record where the transform
 * threw. Lines are in the order of records, and of rows of one record.
 */
export interface TransformedPages {
  /** In the order of the pages. */
  readonly files: readonly { readonly path: string; readonly rows: number }[];
  readonly listed: readonly string[];
  /** Lines that have no list. */
  readonly unlisted: number;
  /** Bytes of the longest line. */
  readonly longest: number;
  /** Records that became no row. */
  readonly filtered: number;
  /** Rows beyond the first of each record. */
  readonly expanded: number;
}

/** Characters of lines that are gathered before they are written. */
const CHUNK = 1 << 20;
/** Records after which timers, signals and requests get their turn. */
const TURN = 2_000;

interface Totals {
  longest: number;
  unlisted: number;
  filtered: number;
  expanded: number;
}

/** Hands every record to the transform, page after page, and writes what it returns. Needs the memory of two pages. */
export async function transformPages(
  pages: readonly PageToTransform[],
  options: TransformOptions,
): Promise<TransformedPages> {
  const files: { path: string; rows: number }[] = [];
  const total: Totals = { longest: 0, unlisted: 0, filtered: 0, expanded: 0 };
  let next = pages[0] === undefined ? undefined : decodedPage(pages[0].path);
  for (const [index, page] of pages.entries()) {
    options.signal.throwIfAborted();
    const body = await next;
    const following = pages[index + 1];
    // Decompressed by another thread while this one transforms.
    next = following === undefined ? undefined : decodedPage(following.path);
    next?.catch(() => undefined);
    const records = options.parse(body ?? Buffer.alloc(0), page.name);
    if (body !== undefined) releasePage(body);
    if (records?.length !== page.records) {
      throw new StepError(
        EXIT.defect,
        `${page.name} holds ${records?.length ?? 'no list of'} records and its receipt says ${page.records}: run extract again`,
      );
    }
    const path = join(options.folder, `${String(index + 1).padStart(6, '0')}.jsonl`);
    const rows = await transformPage(
      records,
      path,
      { ...options.context, slice: page.slice },
      options,
      total,
    );
    files.push({ path, rows });
  }
  return { files, listed: options.text.listed, ...total };
}

async function transformPage(
  records: readonly unknown[],
  path: string,
  context: TransformContext,
  options: TransformOptions,
  total: Totals,
): Promise<number> {
  const { transform, text, signal } = options;
  const file = await open(path, 'w');
  let lines = '';
  let written = 0;
  const add = (line: string) => {
    lines += line;
    written += 1;
    // A character has at most 3 bytes for each of its UTF-16 units.
    if (line.length * 3 > total.longest) total.longest = line.length * 3;
  };
  try {
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index];
      const position = index + 1;
      try {
        const returned = rowsOf(transform(record, context), text);
        const rows = Array.isArray(returned) ? returned : await returned;
        for (const row of rows) {
          if (!isList(row)) total.unlisted += 1;
          add(`{"p":${position},${row}}\n`);
        }
        if (rows.length === 0) total.filtered += 1;
        else total.expanded += rows.length - 1;
      } catch (error) {
        signal.throwIfAborted();
        total.unlisted += 1;
        add(refused(position, record, error, options));
      }
      if (lines.length > CHUNK) {
        await file.write(lines);
        lines = '';
      }
      if (position % TURN === 0) {
        await breathe();
        signal.throwIfAborted();
      }
    }
    await file.write(lines);
  } finally {
    await file.close();
  }
  return written;
}

/** The line of a record that the transform threw at; rethrows what is no matter of this record. */
function refused(position: number, record: unknown, error: unknown, options: TransformOptions): string {
  const { reference, home, withhold, redact } = options;
  const end = endOf(error);
  if (error instanceof StepError || end === 'temporary' || end === 'configuration') {
    throw handlerFailure(error, reference, home, redact);
  }
  const said = error instanceof NotJson ? `the row ${error.message}` : describeThrown(error, redact);
  const message = withhold ? said.replace(/:.*$/s, ': the rest is withheld, since columns are masked') : said;
  return `{"p":${position},"e":${JSON.stringify(redact(message))},"r":${withhold ? 'null' : jsonAgain(record)}}\n`;
}
