import { join } from 'node:path';
import { decodedSize, linkObjects } from '../../adapters/duckdb/link-objects.ts';
import type { StepContext } from '../../context.ts';
import type { PageOfRows } from '../landed-pages.ts';
import { writeLines } from './lines.ts';
import type { StageFiles } from './records.ts';
import type { RowMaker } from './row-maker.ts';

/** The pages of a group on this machine, and the rows that each must become. */
export interface GroupFiles extends StageFiles {
  readonly rows: readonly number[];
  /** Records that the transform left out. */
  readonly filtered: number;
  /** Rows that it made beyond the first of each record. */
  readonly expanded: number;
}

/** Fetches the pages, verified, and brings what is no JSON page, or goes through a transform, into lines. */
export async function groupFiles(
  { job, store, signal }: StepContext,
  pages: readonly PageOfRows[],
  folder: string,
  transform: RowMaker | undefined,
): Promise<GroupFiles> {
  const linked = await linkObjects(store, pages, folder, '.json.gz', signal);
  const none = { filtered: 0, expanded: 0, repaired: false };
  if (transform !== undefined) {
    const local = pages.map((page, index) => ({ ...page, path: linked[index] ?? '' }));
    const made = await transform(local, folder);
    return {
      ...none,
      form: 'lines',
      paths: made.files.map(({ path }) => path),
      rows: made.files.map(({ rows }) => rows),
      largest: made.longest,
      filtered: made.filtered,
      expanded: made.expanded,
    };
  }
  const rows = pages.map((page) => page.records);
  const format = job.extract?.format;
  if (format === undefined || format.kind === 'json') {
    const largest = Math.max(...(await Promise.all(linked.map(decodedSize))));
    return { ...none, form: 'pages', paths: linked, rows, largest };
  }
  const paths: string[] = [];
  let largest = 0;
  for (const [index, page] of pages.entries()) {
    signal.throwIfAborted();
    const path = join(folder, `${String(index + 1).padStart(6, '0')}.jsonl`);
    const { longest } = await writeLines(linked[index] ?? '', page.name, format, path);
    largest = Math.max(largest, longest);
    paths.push(path);
  }
  return { ...none, form: 'lines', paths, rows, largest };
}
