import { join } from 'node:path';
import { decodedSize, linkObjects } from '../../adapters/duckdb/link-objects.ts';
import type { StepContext } from '../../context.ts';
import type { PageOfRows } from '../landed-pages.ts';
import { decodedPage, releasePage } from './decoded-page.ts';
import { type WrittenLines, writeLines } from './lines.ts';
import type { StageFiles } from './records.ts';
import type { RowMaker } from './row-maker.ts';
import { ScratchBuffer, splitPage } from './split-page.ts';

/** The pages of a group on this machine, and the rows that each must become. */
export interface GroupFiles extends StageFiles {
  readonly rows: readonly number[];
  /** Records that the transform left out. */
  readonly filtered: number;
  /** Rows that it made beyond the first of each record. */
  readonly expanded: number;
}

/** Fetches the pages, verified; JSON stays as it is, and anything else becomes lines. */
export async function wholePages(
  context: StepContext,
  pages: readonly PageOfRows[],
  folder: string,
): Promise<GroupFiles> {
  const format = context.job.extract?.format;
  if (format !== undefined && format.kind !== 'json') return groupFiles(context, pages, folder, undefined);
  const paths = await linkObjects(context.store, pages, folder, '.json.gz', context.signal);
  const largest = Math.max(...(await Promise.all(paths.map(decodedSize))));
  const rows = pages.map((page) => page.records);
  return { filtered: 0, expanded: 0, repaired: false, form: 'pages', paths, rows, largest };
}

/** Fetches the pages, verified, and brings them into lines, through the transform where there is one. */
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
    const made = await transform(local, folder, signal);
    return {
      ...none,
      form: 'lines',
      paths: made.files.map(({ path }) => path),
      rows: made.files.map(({ rows }) => rows),
      largest: made.longest,
      listed: made.listed,
      allListed: made.listed.length > 0 && made.unlisted === 0,
      filtered: made.filtered,
      expanded: made.expanded,
    };
  }
  const rows = pages.map((page) => page.records);
  const { format = { kind: 'json' }, records = '' } = job.extract ?? {};
  const paths = pages.map((_, index) => join(folder, `${String(index + 1).padStart(6, '0')}.jsonl`));
  const written: WrittenLines[] = [];
  if (format.kind === 'json') {
    const scratch = new ScratchBuffer();
    for await (const { index, body } of decodeAhead(linked)) {
      signal.throwIfAborted();
      const page = pages[index];
      if (page !== undefined) written.push(await splitPage(body, records, page, paths[index] ?? '', scratch));
    }
  } else {
    for (const [index, page] of pages.entries()) {
      signal.throwIfAborted();
      written.push(await writeLines(linked[index] ?? '', page.name, format, paths[index] ?? ''));
    }
  }
  return {
    ...none,
    form: 'lines',
    paths,
    rows,
    largest: Math.max(0, ...written.map(({ longest }) => longest)),
  };
}

/** Another thread decodes the next page while somebody takes the one before apart. */
async function* decodeAhead(paths: readonly string[]): AsyncGenerator<{ index: number; body: Buffer }> {
  let next: Promise<Buffer> | undefined;
  for (const [index, path] of paths.entries()) {
    const body = await (next ?? decodedPage(path));
    const following = paths[index + 1];
    next = following === undefined ? undefined : decodedPage(following);
    // Thrown when it is its turn.
    next?.catch(() => undefined);
    yield { index, body };
    releasePage(body);
  }
}
