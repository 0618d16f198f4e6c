import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Job } from '../../../src/spec/job.ts';
import { groupsOf } from '../../../src/spec/slice-group.ts';
import { type Asked, json } from '../../runtime/http/api.ts';
import { type Ended, jobOf, type OneTry, type Rig } from '../rig.ts';

export const AIRLINES = ['AA', 'BA', 'DL', 'JL', 'LH', 'NH', 'QF'];
const SIZE = 2;

/** Records of an airline: none, or two pages and a half. */
function idsOf(airline: string): number[] {
  const place = AIRLINES.indexOf(airline);
  return airline === 'JL' ? [] : Array.from({ length: 2 * SIZE + 1 }, (_, index) => place * 100 + index);
}

/** Each airline has a list of its own. */
export function answer({ url }: Asked, response: ServerResponse): void {
  const ids = idsOf(airlineOf(url));
  const offset = Number(url.searchParams.get('offset'));
  json(response, { data: ids.slice(offset, offset + SIZE).map((id) => ({ id })), total: ids.length });
}

export function airlineOf(url: URL): string {
  return url.searchParams.get('airline') ?? '';
}

export const ALL_IDS = AIRLINES.flatMap(idsOf);

type Changes = NonNullable<Parameters<typeof jobOf>[1]>;

/** A slice for each airline; without `pods` as without the word. */
export function slicedJob(url: string, pods?: number, changes: Changes = {}): Job {
  return jobOf(url, {
    query: { airline: '${slice.airline}' },
    paginate: { kind: 'offset', page_size: SIZE, total: 'total' },
    slices: { name: 'airline', values: AIRLINES, ...(pods === undefined ? {} : { pods }) },
    ...changes,
  });
}

/** Every group, one after the other. */
export async function extractAll(rig: Rig, pods: number, one: OneTry = {}): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const group of groupsOf(pods)) ended.push(await rig.extract({ ...one, group }));
  return ended;
}

/** SHA-256 of landed pages and published files by name; notes and receipts hold the time of day. */
export async function lasting({ names, store }: Rig): Promise<Map<string, string>> {
  const all = (await names('')).filter((name) => /\.(json\.gz|parquet)$/.test(name));
  const found = new Map<string, string>();
  for (const name of all) {
    const bytes = (await store.read(name)) ?? '';
    found.set(name, createHash('sha256').update(bytes).digest('hex'));
  }
  return found;
}
