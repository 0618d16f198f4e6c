import { ownObject } from '../../runtime/object-names.ts';
import type { ObjectStore, StoredObject } from '../../runtime/ports/object-store.ts';
import type { Receipt } from '../../runtime/receipt.ts';
import { inParallel } from '../../runtime/steps/extract/in-parallel.ts';

/** A run of a partition, as its receipts tell. */
export interface StoredRun {
  readonly run: string;
  readonly receipts: readonly { readonly object: StoredObject; readonly receipt: Receipt }[];
}

export interface StoredPartition {
  readonly pipeline: string;
  readonly partition: string;
  readonly runs: readonly StoredRun[];
  /** A receipt that can't be read: nothing is known of what this partition needs. */
  readonly broken?: string;
}

/** Requests to a store at the same time. */
export const AT_A_TIME = 16;

/** Every partition that has receipts, whatever the spec says today. */
export async function readRuns(store: ObjectStore): Promise<StoredPartition[]> {
  const objects = new Map<string, { object: StoredObject; run: string }[]>();
  for await (const object of store.list('receipts/')) {
    const own = ownObject(object.name);
    if (own === undefined || own.run === null) continue;
    const key = `${own.pipeline}/${own.partition}`;
    const list = objects.get(key) ?? [];
    list.push({ object, run: own.run });
    objects.set(key, list);
  }
  const none = new AbortController().signal;
  return inParallel([...objects], AT_A_TIME, none, ([key, list]) => readPartition(store, key, list));
}

async function readPartition(
  store: ObjectStore,
  key: string,
  objects: readonly { object: StoredObject; run: string }[],
): Promise<StoredPartition> {
  const [pipeline = '', partition = ''] = key.split('/');
  const runs = new Map<string, { object: StoredObject; receipt: Receipt }[]>();
  for (const { object, run } of objects) {
    const bytes = await store.read(object.name);
    if (bytes === undefined) continue;
    const receipt = parse(bytes);
    if (receipt === undefined) return { pipeline, partition, runs: [], broken: object.name };
    runs.set(run, [...(runs.get(run) ?? []), { object, receipt }]);
  }
  return { pipeline, partition, runs: [...runs].map(([run, receipts]) => ({ run, receipts })) };
}

function parse(bytes: Uint8Array): Receipt | undefined {
  try {
    const receipt = JSON.parse(Buffer.from(bytes).toString('utf8')) as Receipt;
    const readable = receipt.version === 1 && !Number.isNaN(Date.parse(receipt.started_at));
    return readable ? receipt : undefined;
  } catch {
    return undefined;
  }
}
