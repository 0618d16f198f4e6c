import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { textsOfRequest } from '../../../spec/request.ts';
import { placeholders } from '../../../spec/template.ts';
import { badData, configuration, temporary } from '../../errors.ts';
import { parseExact, textAt, valueAt } from '../../json-path.ts';
import { type List, Missing, type Values } from '../../ports/source.ts';
import type { ChildPage, LandedPage } from '../../receipt.ts';
import { inParallel } from './in-parallel.ts';
import { gzipped, putOwn, type Reading, sha256 } from './landing.ts';
import { readList } from './read-list.ts';
import { type ReadSlice, type SliceWork, sliceName, toleranceOf } from './slice-work.ts';

/** A list that one parent has, or several of which the request is the same. */
interface Child {
  /** Hash of its request. */
  key: string;
  /** What its request takes from the parent. */
  values: Values;
  parents: [page: number, record: number][];
}

interface ReadChild {
  pages: LandedPage[];
  records: number;
  total: number | null;
  began: number;
}

const decompress = promisify(gunzip);
/** Lists between two lines of the log. */
const TELL_EVERY = 1000;

/**
 * Lands the parents of a slice, then the list of each, and at last the list of the children's pages: a hundred
 * thousand of them would make a receipt of many megabytes. What is the same request is made once. Pages without a
 * record are landed, so that a retry need not ask for them, and left out of the list.
 */
export async function readChildren(work: SliceWork): Promise<ReadSlice> {
  const { extract, partition, slice, folder, log, signal } = work;
  const { for_each: family } = extract;
  if (family === undefined) throw configuration('the extract has no for_each: build the DAG again');
  const parents = await readList(work, {
    list: { of: 'parents', partition, slice: slice.value, values: slice.values },
    folder: `${folder}/parents`,
    name: `${sliceName(work)}, parents`,
    tolerance: toleranceOf(family.paginate),
    quiet: false,
  });
  const children = await childrenOf(work, parents, family);
  let done = 0;
  const read = await inParallel(children, family.parallel, signal, async (child, group) => {
    const result = await readChild({ ...work, signal: group }, parents, child);
    done += 1;
    if (done % TELL_EVERY === 0) {
      log.info(
        { event: 'children_progress', partition, slice: slice.value, lists: done, of: children.length },
        `${sliceName(work)}: ${done} of ${children.length} lists are landed`,
      );
    }
    return result;
  });
  const entries = entriesOf(children, read);
  const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  const bytes = await gzipped(Buffer.from(lines));
  const sum = sha256(bytes);
  const name = `${folder}/children-${sum.slice(0, 16)}.jsonl.gz`;
  await putOwn(work.store, name, bytes);
  const totals = children.flatMap((child, index) => child.parents.map(() => read[index]?.total ?? null));
  return {
    landed: {
      value: slice.value,
      pages: [],
      records: entries.reduce((sum, entry) => sum + entry.records, 0),
      total: totals.includes(null) ? null : totals.reduce<number>((all, total) => all + (total ?? 0), 0),
      for_each: {
        parents: parents.pages,
        children: {
          name,
          size: bytes.length,
          sha256: sum,
          pages: entries.length,
          lists: children.length,
        },
      },
    },
    began: read.reduce((oldest, { began }) => Math.min(oldest, began), parents.began),
    missing: false,
  };
}

/** In the order of the parents; each page as often as there are parents that have it. */
function entriesOf(children: readonly Child[], read: readonly ReadChild[]): ChildPage[] {
  const entries = children.flatMap((child, index) => {
    const pages = (read[index]?.pages ?? []).filter((page) => page.records > 0);
    return child.parents.flatMap((parent) => pages.map((page): ChildPage => ({ ...page, parent })));
  });
  // Sorting keeps the order of what is equal, so the pages of a list stay in theirs.
  return entries.sort((a, b) => a.parent[0] - b.parent[0] || a.parent[1] - b.parent[1]);
}

async function readChild(work: SliceWork, parents: Reading, { key, values }: Child): Promise<ReadChild> {
  const { extract, source } = work;
  const list = childList(work, values);
  try {
    const reading = await readList(work, {
      list,
      // Below the parents: what was read of others is not mixed in. Few enough in one folder for any file system.
      folder: `${parents.folder}/children/${key.slice(0, 2)}/${key}`,
      since: parents.began,
      name: source.describe(list),
      tolerance: toleranceOf(extract.paginate),
      quiet: true,
    });
    const { offset: records, total } = reading.position;
    return { pages: reading.pages, records, total, began: reading.began };
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    return { pages: [], records: 0, total: 0, began: work.now() };
  }
}

async function childrenOf(
  work: SliceWork,
  parents: Reading,
  family: { as: string; records: string },
): Promise<Child[]> {
  const { source } = work;
  const expressions = textsOfRequest(work.extract)
    .flatMap(({ text }) => placeholders(text))
    .map(({ expression }) => expression);
  const wanted = [...new Set(expressions)].filter((expression) => expression.startsWith(`${family.as}.`));
  const children = new Map<string, Child>();
  for (const [page, landed] of parents.pages.entries()) {
    const records = valueAt(parseExact(await readAgain(work, landed)), family.records) as unknown[];
    for (const [index, record] of records.entries()) {
      const where = `record ${index + 1} of ${landed.name}`;
      const values = parentValues(record, family.as, wanted, where);
      const key = sha256(Buffer.from(source.describe(childList(work, values)))).slice(0, 32);
      const child = children.get(key);
      const place: [number, number] = [page + 1, index + 1];
      if (child === undefined) children.set(key, { key, values, parents: [place] });
      else child.parents.push(place);
    }
  }
  return [...children.values()];
}

function childList({ partition, slice }: SliceWork, values: Values): List {
  return { of: 'records', partition, slice: slice.value, values: { ...slice.values, ...values } };
}

function parentValues(record: unknown, as: string, wanted: readonly string[], where: string): Values {
  return Object.fromEntries(
    wanted.map((expression) => {
      const text = textAt(record, expression.slice(as.length + 1));
      if (text !== undefined && text !== '') return [expression, text];
      throw badData(
        `${where} has no value for \${${expression}}, so its list can't be asked for: correct the path, or ask for such parents only that have one`,
      );
    }),
  );
}

async function readAgain({ store }: SliceWork, page: LandedPage): Promise<Buffer> {
  const bytes = await store.read(page.name);
  if (bytes !== undefined) return decompress(bytes);
  throw temporary(`${store.location}/${page.name} was landed and is gone: a retry reads it anew`);
}
