import type { Options } from 'csv-parse';
import type { CsvFormat } from '../spec/format.ts';

/** How a table is taken apart: by RFC 4180, a line without anything is none, rows may be short or long. */
export function csvOptions(format: CsvFormat): Options {
  return {
    bom: true,
    delimiter: format.delimiter,
    quote: format.quote === '' ? null : format.quote,
    relax_column_count: true,
    skip_empty_lines: true,
  };
}

/** The same, for its values: an empty one without quotes is null. */
export function csvValueOptions(format: CsvFormat): Options {
  return {
    ...csvOptions(format),
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  };
}

/**
 * Decodes a table; fatal, since a byte that is replaced is lost. Latin 1 is read as browsers do: Windows-1252, which
 * has characters where Latin 1 has none.
 *
 * @param first the table's first bytes, where UTF-16 says its order
 */
export function csvDecoder(encoding: CsvFormat['encoding'], first: Buffer): InstanceType<typeof TextDecoder> {
  const bigEndian = first[0] === 0xfe && first[1] === 0xff;
  const label = encoding === 'utf-16' ? (bigEndian ? 'utf-16be' : 'utf-16le') : encoding;
  return new TextDecoder(label, { fatal: true });
}

/** What is wrong with a page that `csvDecoder` can't read. */
export function notOfEncoding(page: string, encoding: CsvFormat['encoding']): string {
  return `${page} holds bytes that are not ${encoding}: set extract.format.encoding to what the source writes`;
}
