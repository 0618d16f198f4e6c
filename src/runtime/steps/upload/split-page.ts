import { writeFile } from 'node:fs/promises';
import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError } from '../../errors.ts';
import { findList } from '../../find-list.ts';
import type { WrittenLines } from './lines.ts';

const [NEWLINE, RETURN, BLANK] = [0x0a, 0x0d, 0x20];
const END = Buffer.from('}\n');

/** One piece of memory for page after page: pieces of their own would lie about until somebody collects them. */
export class ScratchBuffer {
  #bytes = Buffer.alloc(0);

  /** @returns at least so many bytes, of any content */
  ofSize(bytes: number): Buffer {
    if (this.#bytes.length < bytes) this.#bytes = Buffer.allocUnsafe(bytes + bytes / 4);
    return this.#bytes;
  }
}

/**
 * Writes the records of a JSON page, a line each: `{"p":POSITION,"r":RECORD}`, each byte as it was received but for line
 * breaks between the parts of a record. DuckDB then has a few records in memory at a time, and never a page.
 *
 * @param body the decoded page; its line breaks are overwritten
 * @param records path of the list
 * @param page its object and what its receipt says, for the message of a defect
 * @param scratch of one page at a time
 */
export async function splitPage(
  body: Buffer,
  records: string,
  page: { readonly name: string; readonly records: number },
  path: string,
  scratch: ScratchBuffer,
): Promise<WrittenLines> {
  const list = findList(body, records, true);
  if (list?.count !== page.records) {
    throw new StepError(
      EXIT.defect,
      `${page.name} holds ${list?.count ?? 'no list of'} records and its receipt says ${page.records}: run extract again`,
    );
  }
  // Valid JSON has them between its tokens alone.
  for (const byte of [NEWLINE, RETURN]) {
    for (let at = body.indexOf(byte, list.start); at >= 0 && at < list.end; at = body.indexOf(byte, at + 1)) {
      body[at] = BLANK;
    }
  }
  const lines = scratch.ofSize(list.end - list.start + list.count * 32);
  let written = 0;
  let longest = 0;
  for (let index = 0; index < list.count; index += 1) {
    const began = written;
    written += lines.write(`{"p":${index + 1},"r":`, written, 'latin1');
    written += body.copy(lines, written, list.items[2 * index], list.items[2 * index + 1]);
    written += END.copy(lines, written);
    longest = Math.max(longest, written - began);
  }
  await writeFile(path, lines.subarray(0, written));
  return { rows: list.count, longest };
}
