import { hash } from 'node:crypto';
import type { Format } from '../../../../spec/format.ts';
import { valueAt } from '../../../json-path.ts';
import { NotAPage } from '../unusable.ts';
import type { JsonBody } from '../verdict.ts';
import { countLines } from './count-lines.ts';
import { countRows } from './count-rows.ts';
import { type ListOutline, readOutline } from './outline.ts';

/** What a page holds. */
export interface Content {
  /** As it is kept. */
  readonly body: Buffer;
  readonly records: number;
  /** The body as JSON; undefined where it is another format. */
  readonly document: unknown;
  /** Equal for equal records; others are rarely equal. */
  readonly fingerprint: string;
  /** Whether these are the very records of another body. */
  sameAs(body: Buffer): boolean;
}

export interface ContentForm {
  format: Format;
  /** Dotted path to the list of records; empty: the document is the list. */
  records: string;
}

/** What the names of pages end with. */
export const ENDINGS = { json: 'json', json_lines: 'jsonl', csv: 'csv' } as const;

/** Records of which a fingerprint is made. To write all of them as text again would take as long as to read them. */
const SAMPLE = 8;
/** Bytes of either end of a list of which a fingerprint is made. */
const ENDS = 4096;

/**
 * Counts the records of a body.
 *
 * @param read the body as JSON, where the format is
 * @throws NotAPage, Damaged
 */
export async function readContent(body: Buffer, read: JsonBody, form: ContentForm): Promise<Content> {
  const { format } = form;
  if (format.kind === 'json') {
    const { document, list } = read;
    if (list === undefined) return jsonContent(body, document, form.records);
    return outlinedContent(body, document, list, form.records);
  }
  const records = format.kind === 'csv' ? await countRows(body, format) : countLines(body);
  return {
    body,
    records,
    document: undefined,
    fingerprint: hash('sha1', body),
    sameAs: (other) => body.equals(other),
  };
}

function outlinedContent(body: Buffer, document: unknown, list: ListOutline, path: string): Content {
  const ends = Buffer.concat([list.bytes.subarray(0, ENDS), list.bytes.subarray(-ENDS)]);
  return {
    body,
    records: list.count,
    document,
    fingerprint: hash('sha1', `${list.count} ${list.bytes.length} ${ends.toString('latin1')}`),
    sameAs: (other) => readOutline(other, path)?.list.bytes.equals(list.bytes) === true,
  };
}

function jsonContent(body: Buffer, document: unknown, path: string): Content {
  const list = valueAt(document, path);
  if (!Array.isArray(list)) {
    throw new NotAPage(`answered without a list of records at ${placeOf(path)}`);
  }
  const step = Math.max(1, Math.floor(list.length / SAMPLE));
  const sample = [list.length, list.at(-1), ...list.filter((_, index) => index % step === 0)];
  return {
    body,
    records: list.length,
    document,
    fingerprint: hash('sha1', JSON.stringify(sample)),
    // Of the records, not of the bytes: an answer may hold its own time or repeat the offset it was asked for.
    sameAs: (other) => JSON.stringify(list) === JSON.stringify(valueAt(JSON.parse(withoutMark(other)), path)),
  };
}

function withoutMark(body: Buffer): string {
  return body.toString('utf8').replace(/^\uFEFF/, '');
}

/** For messages. */
export function placeOf(path: string): string {
  return path === '' ? 'the top of its answer' : `"${path}"`;
}
