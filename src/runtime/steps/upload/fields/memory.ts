import { fieldsName } from '../../../object-names.ts';
import type { ObjectStore } from '../../../ports/object-store.ts';
import { joinFields } from './compare.ts';
import type { Fields } from './field.ts';

/** What the runs before a run have seen of a source's fields. */
export interface KnownFields {
  /** Of every run before. */
  readonly known: Fields;
  /** Fields of the last of them; undefined where there was none. */
  readonly last: readonly string[] | undefined;
  /** Its hash, as in object names. */
  readonly run: string | undefined;
}

/** `fields/<pipeline>.json`: the newest run, and what was known before it, so that a retry compares with the same. */
interface Memory {
  version: 1;
  run: string;
  /** Union over the run's partitions. */
  fields: Fields;
  before: { run: string | null; last: string[] | null; known: Fields };
}

const NOTHING: KnownFields = { known: {}, last: undefined, run: undefined };

/** What was known before this run, whichever of its tries and partitions asks. A memory that can't be read is none. */
export async function recallFields(store: ObjectStore, pipeline: string, run: string): Promise<KnownFields> {
  const memory = await read(store, pipeline);
  if (memory === undefined) return NOTHING;
  if (memory.run !== run) {
    return {
      known: joinFields(memory.before.known, memory.fields),
      last: Object.keys(memory.fields),
      run: memory.run,
    };
  }
  const { before } = memory;
  return { known: before.known, last: before.last ?? undefined, run: before.run ?? undefined };
}

/** Adds what a partition of this run holds. */
export async function rememberFields(
  store: ObjectStore,
  pipeline: string,
  run: string,
  before: KnownFields,
  found: Fields,
): Promise<void> {
  const memory = await read(store, pipeline);
  const own = memory?.run === run ? memory.fields : {};
  const next: Memory = {
    version: 1,
    run,
    fields: joinFields(own, found),
    before: {
      run: before.run ?? null,
      last: before.last === undefined ? null : [...before.last],
      known: before.known,
    },
  };
  await store.overwrite(fieldsName(pipeline), Buffer.from(`${JSON.stringify(next)}\n`));
}

async function read(store: ObjectStore, pipeline: string): Promise<Memory | undefined> {
  const bytes = await store.read(fieldsName(pipeline));
  if (bytes === undefined) return undefined;
  try {
    const memory = JSON.parse(Buffer.from(bytes).toString('utf8')) as Memory;
    return memory.version === 1 ? memory : undefined;
  } catch {
    return undefined;
  }
}
