import { isUtf8 } from 'node:buffer';
import { Damaged, NotAPage } from '../unusable.ts';

const NEWLINE = 0x0a;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Documents of JSON Lines, each read once. A blank line is none.
 *
 * @throws Damaged where the last line was cut off, NotAPage where another is not JSON
 */
export function countLines(body: Buffer): number {
  let count = 0;
  let line = 0;
  for (let start = body.indexOf(MARK) === 0 ? 3 : 0; start < body.length; ) {
    const found = body.indexOf(NEWLINE, start);
    const end = found < 0 ? body.length : found;
    line += 1;
    if (isDocument(body.subarray(start, end), line, found < 0)) count += 1;
    start = end + 1;
  }
  return count;
}

function isDocument(bytes: Buffer, line: number, last: boolean): boolean {
  const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  if (text?.trim() === '') return false;
  try {
    if (text !== undefined) JSON.parse(text);
  } catch {
    if (last) throw new Damaged(`answered with JSON lines of which the last, ${line}, is cut off`);
    throw new NotAPage(`answered with a line ${line} that is not JSON`);
  }
  if (text === undefined) throw new NotAPage(`answered with a line ${line} that is not UTF-8`);
  return true;
}
