import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError, temporary } from '../../errors.ts';
import { noteName, pageName } from '../../object-names.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { beginning, type List, type Page, type Position, type Source } from '../../ports/source.ts';
import type { LandedPage } from '../../receipt.ts';

/** A list and the place of its pages in the landing. */
export interface ListPlace {
  list: List;
  /** Of the first reading; the ones that follow have `~2` and so on behind it. */
  folder: string;
  /**
   * For one list of very many, in a folder named by its request: when all of them began, milliseconds since 1970. As
   * most have one page, the note about the request is written only where a second one follows.
   */
  since?: number;
}

/** One reading of a list, from its first page on, with what is landed of it. */
export interface Reading {
  /** From 1; each has a folder of its own. */
  number: number;
  folder: string;
  /** Milliseconds since 1970; before its first request. */
  began: number;
  pages: LandedPage[];
  /** What each page said there is in all. */
  totals: (number | null)[];
  position: Position;
  /** The note about the request, where it is still to be written. */
  pending: Buffer | null;
}

/** Beside the pages: what was asked for and when, so that only pages of the same request are ever continued. */
export interface RequestNote {
  version: 1;
  request: string;
  began_at: string;
}

const compress = promisify(gzip);
export const NOTE = 'request.json';
/**
 * Measured on pages of 1,000 flights: level 6 takes twice as long and saves a third, level 1 saves a quarter of the time
 * and takes a tenth more room.
 */
const LEVEL = 3;
/** Byte 9 of a gzip names the operating system (RFC 1952); 255, unknown, makes it the same everywhere. */
const OPERATING_SYSTEM = 9;

export async function beginReading(
  store: ObjectStore,
  { list, folder: first, since }: ListPlace,
  number: number,
  source: Source,
  now: number,
): Promise<Reading> {
  const folder = readingFolder(first, number);
  const began_at = new Date(now).toISOString();
  const note: RequestNote = { version: 1, request: source.describe(list), began_at };
  const pending = Buffer.from(`${JSON.stringify(note)}\n`);
  const reading: Reading = {
    number,
    folder,
    began: now,
    pages: [],
    totals: [],
    position: beginning(),
    pending,
  };
  if (since === undefined) await writeNote(store, reading);
  return reading;
}

async function writeNote(store: ObjectStore, reading: Reading): Promise<void> {
  if (reading.pending === null) return;
  await putOwn(store, `${reading.folder}/${NOTE}`, reading.pending);
  reading.pending = null;
}

/** Lands a page before the next one is asked for. The bytes are the same for the same page. */
export async function landPage(
  store: ObjectStore,
  reading: Reading,
  page: Page,
  ending: string,
): Promise<void> {
  const bytes = await gzipped(page.body);
  const name = pageName(reading.folder, page.index, ending);
  const sum = sha256(bytes);
  if (!page.next.ended) await writeNote(store, reading);
  // The page is the commit: what a note before it says counts only once the page is there.
  if (page.note !== null) {
    await store.overwrite(noteName(reading.folder, page.index, sum), Buffer.from(page.note));
  }
  await putOwn(store, name, bytes);
  reading.pages.push({ name, size: bytes.length, sha256: sum, records: page.records });
  reading.totals.push(page.total);
  reading.position = page.next;
}

/** The same bytes for the same text, wherever it is made. */
export async function gzipped(text: Uint8Array): Promise<Buffer> {
  const bytes = await compress(text, { level: LEVEL });
  bytes[OPERATING_SYSTEM] = 255;
  return bytes;
}

/** Parents are JSON whatever the records are. */
export function endingOf(source: Source, list: List): string {
  return list.of === 'parents' ? 'json' : source.ending;
}

/** Another content under our name means that a second process of this run is at work: one of them goes on. */
export async function putOwn(store: ObjectStore, name: string, bytes: Uint8Array): Promise<void> {
  try {
    await store.putIfAbsent(name, { bytes }, sha256(bytes));
  } catch (error) {
    if (!(error instanceof StepError) || error.exit !== EXIT.defect) throw error;
    throw temporary(
      `${store.location}/${name} was landed by another process of this run meanwhile; a retry continues after it`,
      error,
    );
  }
}

/** Landed pages never change: a list that must be read again begins a folder of its own. */
export function readingFolder(folder: string, number: number): string {
  return number === 1 ? folder : `${folder}~${number}`;
}

export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
