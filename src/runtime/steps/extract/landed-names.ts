import type { ObjectStore } from '../../ports/object-store.ts';

/** What earlier tries of a run landed below a folder, listed once. */
export interface LandedNames {
  has(name: string): boolean;
  /** Number of the latest reading of the list with this folder; 0 where there is none. */
  latest(folder: string): number;
}

/** A reading's folder: the list's own, with `~2` and so on behind it from the second reading on. */
const READING = /^(.*?)(?:~(\d+))?$/;

/** The prefix may also match slices whose names begin like this one: their folders are other ones. */
export async function landedNames(store: ObjectStore, folder: string): Promise<LandedNames> {
  const names = new Set<string>();
  const latest = new Map<string, number>();
  for await (const { name } of store.list(folder)) {
    names.add(name);
    const [, list = '', number = '1'] = READING.exec(name.slice(0, name.lastIndexOf('/'))) ?? [];
    latest.set(list, Math.max(latest.get(list) ?? 0, Number(number)));
  }
  return { has: (name) => names.has(name), latest: (list) => latest.get(list) ?? 0 };
}
