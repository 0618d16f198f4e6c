import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { CsvFormat } from '../../../../spec/format.ts';
import { csvOptions } from '../../../csv.ts';
import { Damaged, NotAPage } from '../unusable.ts';

/** Bytes handed to the parser at a time, so that other slices go on in between. */
const PIECE = 256 * 1024;

/**
 * Rows of a table in text, its header left out.
 *
 * @throws Damaged where it ends within quotes, NotAPage where it breaks the rules of CSV
 */
export async function countRows(body: Buffer, format: CsvFormat): Promise<number> {
  let rows = 0;
  const parser = parse({
    ...csvOptions(format),
    on_record: () => {
      rows += 1;
      return null;
    },
  });
  parser.resume();
  try {
    await pipeline(pieces(body, format.encoding), parser);
  } catch (error) {
    throw unusable(error);
  }
  return Math.max(0, rows - (format.header ? 1 : 0));
}

/** The bytes as they are where ASCII is ASCII in them, else as UTF-8. */
function* pieces(body: Buffer, encoding: CsvFormat['encoding']): Generator<Buffer | string> {
  const wide = encoding === 'utf-16';
  const decoder = new TextDecoder(wide && body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : 'utf-16le');
  for (let start = 0; start < body.length; start += PIECE) {
    const piece = body.subarray(start, start + PIECE);
    yield wide ? decoder.decode(piece, { stream: true }) : piece;
  }
  if (wide) yield decoder.decode();
}

function unusable(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new Damaged(`answered with a table that ends within quotes, in line ${error.lines}`);
  }
  return new NotAPage(
    `answered with a table that breaks the rules of CSV in line ${error.lines} (${error.code}); check delimiter and quote of the format`,
  );
}
