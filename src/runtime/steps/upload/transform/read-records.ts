import { parse } from 'csv-parse/sync';
import type { CsvFormat } from '../../../../spec/format.ts';
import type { Job } from '../../../../spec/job.ts';
import { csvDecoder, csvValueOptions, notOfEncoding } from '../../../csv.ts';
import { badData } from '../../../errors.ts';
import { parseRecords } from './parse-records.ts';

/**
 * The records of a decoded page as JavaScript has them, by the form that the extract says; of a table they are objects
 * of texts by the names in its header. Undefined where a JSON page has no list at its place.
 *
 * @param name of the page, for messages
 * @throws StepError bad data where its bytes are not of its encoding
 */
export function readRecords(
  page: Buffer,
  name: string,
  { format, records }: Pick<NonNullable<Job['extract']>, 'format' | 'records'>,
): readonly unknown[] | undefined {
  switch (format.kind) {
    case 'json':
      return parseRecords(withoutMark(page), records);
    case 'json_lines': {
      const lines = withoutMark(page)
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== '');
      // One document, so that long numbers are kept in the same way.
      return parseRecords(Buffer.from(`[${lines.join(',')}]`), '');
    }
    case 'csv':
      return readTable(page, name, format);
  }
}

/** As upload reads a table: an empty value without quotes is null, a row with too many values is a list of them. */
function readTable(page: Buffer, name: string, format: CsvFormat): readonly unknown[] {
  const rows = parse(decode(page, name, format.encoding), csvValueOptions(format)) as (string | null)[][];
  const header = format.header ? rows.shift() : undefined;
  const names = format.names ?? (header ?? []).map((name) => name ?? '');
  return rows.map((row) =>
    row.length > names.length ? row : Object.fromEntries(row.map((value, index) => [names[index], value])),
  );
}

function decode(page: Buffer, name: string, encoding: CsvFormat['encoding']): string {
  try {
    return csvDecoder(encoding, page).decode(page);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw badData(notOfEncoding(name, encoding), error);
  }
}

/** What some servers write before UTF-8. */
function withoutMark(page: Buffer): Buffer {
  return page[0] === 0xef && page[1] === 0xbb && page[2] === 0xbf ? page.subarray(3) : page;
}
