import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import type { CsvFormat, Format } from '../../../spec/format.ts';
import { csvDecoder, csvValueOptions, notOfEncoding } from '../../csv.ts';
import { badData } from '../../errors.ts';

/** Characters that are gathered before they are written. */
const CHUNK = 1 << 20;

/** A page of lines or of a table, written again in the form that `stageQuery` reads. */
export interface WrittenLines {
  readonly rows: number;
  /** Bytes that the longest line may have. */
  readonly longest: number;
}

/**
 * Rows of a page, a line each: `{"p":POSITION,"r":RECORD}`. Of a table every value is a text under the name in the
 * header; an empty one without quotes is null. A row with more values than there are names is written as a list, which
 * no column can read: it is set aside whole.
 *
 * @param page local path of the gzipped page
 * @param name of the page, for messages
 * @throws StepError bad data where its bytes are not of its encoding
 */
export async function writeLines(
  page: string,
  name: string,
  format: Exclude<Format, { kind: 'json' }>,
  path: string,
): Promise<WrittenLines> {
  const file = await open(path, 'w');
  try {
    const encoding = format.kind === 'csv' ? format.encoding : 'utf-8';
    const texts = decode(page, name, encoding);
    return await write(file, format.kind === 'csv' ? tableRecords(texts, format) : lineRecords(texts));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw badData(`${name} breaks the rules of CSV in line ${error.lines}: ${error.message}`, error);
  } finally {
    await file.close();
  }
}

async function write(file: FileHandle, records: AsyncIterable<string>): Promise<WrittenLines> {
  let lines = '';
  let rows = 0;
  let longest = 0;
  for await (const record of records) {
    rows += 1;
    const line = `{"p":${rows},"r":${record}}\n`;
    // A UTF-16 unit takes at most 3 bytes.
    longest = Math.max(longest, line.length * 3);
    lines += line;
    if (lines.length < CHUNK) continue;
    await file.write(lines);
    lines = '';
  }
  await file.write(lines);
  return { rows, longest };
}

async function* decode(page: string, name: string, encoding: CsvFormat['encoding']): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  const chunks = createReadStream(page).pipe(createGunzip());
  try {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      decoder ??= csvDecoder(encoding, chunk);
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder !== undefined) yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw badData(notOfEncoding(name, encoding), error);
  }
}

async function* lineRecords(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line.trim();
  }
  if (rest.trim() !== '') yield rest.trim();
}

async function* tableRecords(texts: AsyncIterable<string>, format: CsvFormat): AsyncGenerator<string> {
  for await (const { names, values } of tableRows(texts, format)) {
    if (values.length > names.length) yield JSON.stringify(values);
    else
      yield `{${values.map((value, index) => `${JSON.stringify(names[index])}:${JSON.stringify(value)}`).join(',')}}`;
  }
}

async function* tableRows(
  texts: AsyncIterable<string>,
  format: CsvFormat,
): AsyncGenerator<{ names: readonly string[]; values: readonly (string | null)[] }> {
  const parser = parse(csvValueOptions(format));
  const feeding = feed(texts, parser);
  feeding.catch((error: Error) => parser.destroy(error));
  let names = format.names;
  let first = true;
  for await (const row of parser as AsyncIterable<(string | null)[]>) {
    const header = first && format.header;
    first = false;
    if (header) names ??= row.map((one) => one ?? '');
    else yield { names: names ?? [], values: row };
  }
  await feeding;
}

async function feed(texts: AsyncIterable<string>, parser: ReturnType<typeof parse>): Promise<void> {
  for await (const text of texts) {
    if (!parser.write(text)) {
      await new Promise((resolve) => {
        parser.once('drain', resolve);
        parser.once('close', resolve);
      });
    }
  }
  parser.end();
}
