import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Engine } from '../../runtime/adapters/duckdb/engine.ts';
import type { StepContext } from '../../runtime/context.ts';
import { parseExact } from '../../runtime/json-path.ts';
import type { ExtractDetails, UploadDetails } from '../../runtime/receipt.ts';
import { filePath, identifier } from '../../runtime/sql/quote.ts';
import { landedPages } from '../../runtime/steps/landed-pages.ts';
import { readRecords } from '../../runtime/steps/upload/transform/read-records.ts';
import { type UnreadField, unreadFields } from './unread-fields.ts';

export interface QuarantinedRow {
  reason: string;
  column: string | null;
  value: unknown;
  /** Of its record in the page, from 1. */
  position: number;
}

export interface ShownRows {
  /** Values by column; numbers that JavaScript would round are texts. */
  rows: Record<string, unknown>[];
  quarantined: QuarantinedRow[];
}

const decompress = promisify(gunzip);

/** The first rows of what upload wrote. */
export async function readRows(
  context: StepContext,
  { files, quarantine }: UploadDetails,
  limit: number,
): Promise<ShownRows> {
  const { store, scratch, signal, log, job } = context;
  using engine = await Engine.open({ scratch, signal, log });
  const select = async (names: readonly string[], file: { name: string } | null | undefined) => {
    if (file === null || file === undefined) return [];
    const path = filePath(await store.localPath(file.name, scratch));
    const columns = names.map(identifier).join(', ');
    const query = `SELECT CAST(to_json(one) AS VARCHAR) AS row FROM (SELECT ${columns} FROM read_parquet(${path}) LIMIT ${limit}) one`;
    const rows = await engine.rows('read the preview', query);
    return rows.map((row) => parseExact(Buffer.from(String(row.row))) as Record<string, unknown>);
  };
  const names = (job.columns ?? []).filter(({ mask }) => mask?.kind !== 'drop').map(({ name }) => name);
  const rows = await select(names, files[0]);
  const aside = await select(['reason', 'column', 'value', 'position'], quarantine);
  return { rows, quarantined: aside as unknown as QuarantinedRow[] };
}

/** Fields of the landed records that no column reads. */
export async function readUnread(context: StepContext, landed: ExtractDetails): Promise<UnreadField[]> {
  const { job, store } = context;
  const { extract, columns = [] } = job;
  if (extract === undefined) return [];
  const pages = await landedPages(store, landed, undefined, []);
  const fields: unknown[] = [];
  for (const page of pages) {
    const bytes = await store.read(page.name);
    if (bytes !== undefined) fields.push(...(readRecords(await decompress(bytes), page.name, extract) ?? []));
  }
  return unreadFields(
    fields,
    columns.flatMap(({ from }) => from),
  );
}
