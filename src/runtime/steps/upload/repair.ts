import { readFile, rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { StageFiles } from './records.ts';
import { NOT_UNICODE } from './rules.ts';

const decompress = promisify(gunzip);
const compress = promisify(gzip);

/** An escape in JSON, or half a pair of them: `\ud83d` before anything but its other half, or that half alone. */
const ESCAPES =
  /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\./gs;

/**
 * Local copies of pages in which half surrogate pairs, for which DuckDB refuses the whole page, are marked: what is
 * then set aside is the row that has one. What stands in the store stays as it was landed.
 */
async function markHalfPairs(paths: readonly string[], form: 'pages' | 'lines'): Promise<void> {
  for (const path of paths) {
    const bytes = await readFile(path);
    const text = (form === 'pages' ? await decompress(bytes) : bytes).toString('utf8');
    const marked = text.replace(ESCAPES, (one) =>
      one.length === 6 && /^\\u[dD]/.test(one) ? NOT_UNICODE : one,
    );
    if (marked === text) continue;
    // Beside it first: the path may be a link to the object itself.
    const copy = `${path}.marked`;
    await writeFile(copy, form === 'pages' ? await compress(marked, { level: 1 }) : marked);
    await rename(copy, path);
  }
}

/** Reads files, and once more with half pairs marked where DuckDB refused them for one. */
export async function readRepaired<Result>(
  files: StageFiles,
  read: (files: StageFiles) => Promise<Result>,
): Promise<Result> {
  try {
    return await read(files);
  } catch (error) {
    if (!isHalfPair(error)) throw error;
    await markHalfPairs(files.paths, files.form);
    return read({ ...files, repaired: true });
  }
}

/** Whether DuckDB refused a page for half a surrogate pair. */
function isHalfPair(error: unknown): boolean {
  return error instanceof Error && /surrogate in string/.test(error.message);
}
