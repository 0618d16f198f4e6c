import { createHash } from 'node:crypto';
import { badData, configuration } from '../../errors.ts';
import { jsonText, NotJson } from '../../handlers/json-text.ts';
import type { Advance, Position } from '../../ports/source.ts';

/**
 * What is landed of a batch, as JSON. The records come last, so that a person sees at once where the batch stands; the
 * checkpoint is inside, so that the page alone tells a retry where to go on.
 */
interface HandlerPage {
  /** Where a retry goes on after this page; absent where the handler gave none. */
  checkpoint?: unknown;
  /** Records of the slice in all. */
  total?: number;
  /** The handler has returned: this page has no records, and nothing follows it. */
  ended?: true;
  /** SHA-256 of the records, hexadecimal: the same twice in a row means a loop. */
  fingerprint?: string;
  records: unknown[];
}

/** The page that says that a slice is complete. */
export function lastPage(): Buffer {
  return Buffer.from('{"ended":true,"records":[]}\n');
}

/** @throws a configuration error where what the handler yielded is no batch; `who` names the handler */
export function pageOf(batch: unknown, who: string): Buffer {
  if (!isBatch(batch)) {
    throw configuration(
      `${who} yielded ${kindOf(batch)}, and a batch is needed: yield { records: […], checkpoint: … }`,
    );
  }
  const { records, checkpoint, total } = batch;
  if (total !== undefined && !(Number.isSafeInteger(total) && (total as number) >= 0)) {
    throw configuration(
      `${who} yielded the total ${String(total)}: it must be a whole number, or be left out`,
    );
  }
  const text = part(records, 'records', who);
  const head = [
    ...(checkpoint === undefined ? [] : [`"checkpoint":${part(checkpoint, 'checkpoint', who)}`]),
    ...(total === undefined ? [] : [`"total":${String(total)}`]),
    ...(records.length === 0 ? [] : [`"fingerprint":"${createHash('sha256').update(text).digest('hex')}"`]),
  ];
  return Buffer.from(`{${[...head, `"records":${text}`].join(',')}}\n`);
}

/** Where the reading stands after a landed page. */
export function advance(from: Readonly<Position>, body: Uint8Array, who: string): Advance {
  const page = JSON.parse(Buffer.from(body).toString('utf8')) as HandlerPage;
  if (!Array.isArray(page?.records)) throw badData(`the landed page of ${who} has no list of records`);
  const records = page.records.length;
  if (page.fingerprint !== undefined && page.fingerprint === from.fingerprint) {
    throw configuration(
      `${who} yielded the same ${records} records twice in a row: it seems not to go on from where it was; correct it`,
    );
  }
  const total = page.total ?? null;
  const next: Position = {
    page: from.page + 1,
    offset: from.offset + records,
    total: total ?? from.total,
    fingerprint: page.fingerprint ?? null,
    before: null,
    next: page.checkpoint === undefined ? null : JSON.stringify(page.checkpoint),
    ended: page.ended === true,
    visited: from.visited,
  };
  return { records, total, next, note: null };
}

function isBatch(value: unknown): value is { records: unknown[]; checkpoint?: unknown; total?: unknown } {
  return (
    typeof value === 'object' && value !== null && Array.isArray((value as { records?: unknown }).records)
  );
}

function part(value: unknown, name: string, who: string): string {
  try {
    return jsonText(value);
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    throw configuration(`${who} yielded ${name} that JSON can't hold: it ${error.message}`);
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return `an object without a list of records`;
  return `a ${typeof value}`;
}
