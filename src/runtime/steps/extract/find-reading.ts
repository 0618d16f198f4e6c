import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { noteName, pageName } from '../../object-names.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { beginning, type Source } from '../../ports/source.ts';
import type { LandedNames } from './landed-names.ts';
import {
  endingOf,
  type ListPlace,
  NOTE,
  type Reading,
  type RequestNote,
  readingFolder,
  sha256,
} from './landing.ts';

const decompress = promisify(gunzip);

/**
 * The latest reading of a list in this run and generation, read back page by page, if it asked for the same and
 * began after `notBefore`; else only the number of the next one: pages by offset over a list that moves do not fit
 * together for long, and landed pages never change.
 */
export async function findReading(
  store: ObjectStore,
  place: ListPlace,
  names: LandedNames,
  source: Source,
  notBefore: number,
): Promise<{ reading: Reading } | { next: number }> {
  const number = names.latest(place.folder);
  if (number === 0) return { next: 1 };
  const reading = await readBack(store, place, number, names, source);
  if (reading === undefined || reading.began < notBefore) return { next: number + 1 };
  const whole = reading.position.ended || (source.resumable?.(reading.position) ?? true);
  return whole ? { reading } : { next: number + 1 };
}

async function readBack(
  store: ObjectStore,
  place: ListPlace,
  number: number,
  names: LandedNames,
  source: Source,
): Promise<Reading | undefined> {
  const { list } = place;
  const folder = readingFolder(place.folder, number);
  const noted = names.has(`${folder}/${NOTE}`);
  const began = noted ? await readNote(store, `${folder}/${NOTE}`, source.describe(list)) : place.since;
  if (began === undefined) return undefined;
  const reading: Reading = {
    number,
    folder,
    began,
    pages: [],
    totals: [],
    position: beginning(),
    pending: null,
  };
  while (!reading.position.ended) {
    const { page } = reading.position;
    const name = pageName(folder, page, endingOf(source, list));
    const bytes = await store.read(name);
    if (bytes === undefined) break;
    const sum = sha256(bytes);
    const kept = noteName(folder, page, sum);
    const beside = names.has(kept) ? await store.read(kept) : undefined;
    try {
      const body = await decompress(bytes);
      const text = beside === undefined ? null : Buffer.from(beside).toString('utf8');
      const { records, total, next } = await source.advance(list, reading.position, body, text);
      reading.pages.push({ name, size: bytes.length, sha256: sum, records });
      reading.totals.push(total);
      reading.position = next;
    } catch {
      // Not a page by today's spec, or damaged on the disk: it stays as it is, and a new reading begins.
      return undefined;
    }
  }
  // Without a note a second page cannot be known to belong to the first.
  return noted || reading.position.ended ? reading : undefined;
}

/** When a reading of the same request began; undefined where it was another one. */
async function readNote(store: ObjectStore, name: string, request: string): Promise<number | undefined> {
  const bytes = await store.read(name);
  if (bytes === undefined) return undefined;
  try {
    const note = JSON.parse(Buffer.from(bytes).toString('utf8')) as RequestNote;
    const began = Date.parse(note.began_at);
    return note.request === request && !Number.isNaN(began) ? began : undefined;
  } catch {
    return undefined;
  }
}
