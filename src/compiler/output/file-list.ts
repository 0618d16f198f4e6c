import { z } from 'zod';
import type { Standing } from './standing.ts';

/** Stands in the output folder and is committed with it. */
export const LIST_NAME = '.pipegen.json';

const fileList = z.strictObject({
  version: z.literal(1),
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

export interface RecordedFiles {
  /** Path, as recorded and not yet checked: SHA-256, hexadecimal. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Why nothing could be read. */
  readonly problem?: string;
}

const UNREADABLE =
  'the list of generated files is not one and is written anew; what earlier builds wrote and this one does not stays: remove it by hand';

export function parseList(standing: Standing): RecordedFiles {
  if (standing.kind === 'missing') return { hashes: new Map() };
  if (standing.kind !== 'file') return { hashes: new Map(), problem: UNREADABLE };
  try {
    const { files } = fileList.parse(JSON.parse(standing.content.toString()));
    return { hashes: new Map(sorted(Object.entries(files))) };
  } catch {
    return { hashes: new Map(), problem: UNREADABLE };
  }
}

/** @param entries path and SHA-256; the same bytes for the same entries */
export function printList(entries: readonly (readonly [string, string])[]): string {
  return `${JSON.stringify({ version: 1, files: Object.fromEntries(sorted(entries)) }, null, 2)}\n`;
}

function sorted(entries: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
