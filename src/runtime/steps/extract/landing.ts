import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError, temporary } from '../../errors.ts';
import { landingFolder, pageName } from '../../object-names.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { BEGINNING, type Page, type Position, type Source } from '../../ports/source.ts';
import type { LandedPage } from '../../receipt.ts';

/** The place of a slice's pages in the landing. */
export interface SlicePlace {
  pipeline: string;
  partition: string;
  run: string;
  generation: number;
  slice: string | null;
}

/** One reading of a slice, from its first page on, with what is landed of it. */
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
}

/** Beside the pages: what was asked for and when, so that only pages of the same request are ever continued. */
interface RequestNote {
  version: 1;
  request: string;
  began_at: string;
}

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const NOTE = 'request.json';
/** Byte 9 of a gzip names the operating system (RFC 1952); 255, unknown, makes it the same everywhere. */
const OPERATING_SYSTEM = 9;

export async function beginReading(
  store: ObjectStore,
  place: SlicePlace,
  number: number,
  request: string,
  now: number,
): Promise<Reading> {
  const folder = folderOf(place, number);
  const note: RequestNote = { version: 1, request, began_at: new Date(now).toISOString() };
  const bytes = Buffer.from(`${JSON.stringify(note)}\n`);
  await putOwn(store, `${folder}/${NOTE}`, bytes);
  return { number, folder, began: now, pages: [], totals: [], position: { ...BEGINNING } };
}

/** Lands a page before the next one is asked for. The bytes are the same for the same page. */
export async function landPage(store: ObjectStore, reading: Reading, page: Page): Promise<void> {
  const bytes = await compress(page.body, { level: 6 });
  bytes[OPERATING_SYSTEM] = 255;
  const name = pageName(reading.folder, page.index);
  await putOwn(store, name, bytes);
  reading.pages.push({ name, size: bytes.length, sha256: sha256(bytes), records: page.records });
  reading.totals.push(page.total);
  reading.position = page.next;
}

/**
 * The latest reading of a slice in this run and generation, read back page by page, if it asked for the same and
 * began after `notBefore`; else only the number of the next one: pages by offset over a list that moves do not fit
 * together for long, and landed pages never change.
 */
export async function findReading(
  store: ObjectStore,
  place: SlicePlace,
  source: Source,
  notBefore: number,
): Promise<{ reading: Reading } | { next: number }> {
  const number = await latestNumber(store, place);
  if (number === 0) return { next: 1 };
  const reading = await readBack(store, place, number, source);
  if (reading === undefined || reading.began < notBefore) return { next: number + 1 };
  return { reading };
}

async function latestNumber(store: ObjectStore, place: SlicePlace): Promise<number> {
  const first = folderOf(place, 1);
  let latest = 0;
  // The prefix also matches slices whose name begins like this one; what follows it tells them apart.
  for await (const { name } of store.list(first)) {
    const match = /^(?:~(\d+))?\//.exec(name.slice(first.length));
    if (match) latest = Math.max(latest, Number(match[1] ?? 1));
  }
  return latest;
}

async function readBack(
  store: ObjectStore,
  place: SlicePlace,
  number: number,
  source: Source,
): Promise<Reading | undefined> {
  const folder = folderOf(place, number);
  const note = readNote(await store.read(`${folder}/${NOTE}`));
  if (note?.request !== source.describe(place.partition, place.slice)) return undefined;
  const began = Date.parse(note.began_at);
  if (Number.isNaN(began)) return undefined;
  const reading: Reading = { number, folder, began, pages: [], totals: [], position: { ...BEGINNING } };
  while (!reading.position.ended) {
    const name = pageName(folder, reading.position.page);
    const bytes = await store.read(name);
    if (bytes === undefined) break;
    try {
      const { records, total, next } = source.advance(reading.position, await decompress(bytes));
      reading.pages.push({ name, size: bytes.length, sha256: sha256(bytes), records });
      reading.totals.push(total);
      reading.position = next;
    } catch {
      // Not a page by today's spec, or damaged on the disk: it stays as it is, and a new reading begins.
      return undefined;
    }
  }
  return reading;
}

function readNote(bytes: Uint8Array | undefined): RequestNote | undefined {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as RequestNote;
  } catch {
    return undefined;
  }
}

/** Another content under our name means that a second process of this run is at work: one of them goes on. */
async function putOwn(store: ObjectStore, name: string, bytes: Uint8Array): Promise<void> {
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

function folderOf({ pipeline, partition, run, generation, slice }: SlicePlace, number: number): string {
  return landingFolder(pipeline, partition, run, generation, slice, number);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
