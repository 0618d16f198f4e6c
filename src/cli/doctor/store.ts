import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { openStore } from '../../runtime/adapters/stores.ts';
import { temporary } from '../../runtime/errors.ts';
import type { ObjectStore } from '../../runtime/ports/object-store.ts';
import type { Store } from '../../spec/store.ts';
import { type Answer, missing, ok, type Probe } from './probe.ts';

/** Below it lies nothing but what doctor itself writes and removes. */
const FOLDER = 'doctor';

export function storeProbe(store: Store, home: string): Probe {
  const what = 'store';
  return {
    what,
    repair:
      store.kind === 'files'
        ? `make ${resolve(home, store.root)} a folder that the steps may write to, or change store.root`
        : `let this identity read, write and delete objects of gs://${store.bucket} (roles/storage.objectUser)`,
    look: async (signal) => {
      if (store.kind === 'files') {
        const root = resolve(home, store.root);
        if (!existsSync(root)) return [await newFolder(what, root, 'store.root', `${root} is not there yet`)];
      }
      const opened = await openStore(store, home, signal);
      const text = await withObject(opened, async () => 'an object was written, read back and removed');
      return [ok(what, `${opened.location}: ${text}`)];
    },
  };
}

/** Writes a small object, reads it back, hands on its name and removes it whatever comes. */
export async function withObject<T>(store: ObjectStore, work: (name: string) => Promise<T>): Promise<T> {
  const name = `${FOLDER}/${randomUUID()}.txt`;
  const bytes = new TextEncoder().encode('written by pipegen doctor, which removes it at once\n');
  await store.overwrite(name, bytes);
  try {
    const read = await store.read(name);
    if (read === undefined || !Buffer.from(read).equals(bytes)) {
      throw temporary(`${store.location} does not give back what was written to ${name}`);
    }
    return await work(name);
  } finally {
    await store.remove(name);
  }
}

/**
 * Whether a folder that is perhaps not there yet can be written to. Nothing is made.
 * @param setting of the spec that names it
 * @param found what is not there, for the line where all is well
 */
export async function newFolder(
  what: string,
  folder: string,
  setting: string,
  found: string,
): Promise<Answer> {
  const repair = `make ${folder} a folder that the steps may write to, or change ${setting}`;
  const above = await folderAbove(folder);
  if (!(await stat(above)).isDirectory())
    return missing(what, `${above} is a file, where a folder is needed`, repair);
  return (await isWritable(above))
    ? ok(what, `${found}: the first step makes it`)
    : missing(what, `${found}, and ${above} can't be written to`, repair);
}

/** The path itself, or the nearest above it that is there. */
async function folderAbove(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found !== undefined || dirname(at) === at) return at;
  }
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
