import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { EXIT } from '../../../spec/exit-codes.ts';
import { configuration, StepError } from '../../errors.ts';
import type { Content, ObjectStore, StoredObject } from '../../ports/object-store.ts';
import { writeBeside } from './durable-write.ts';
import { codeOf, isMissing, meaningOf } from './file-errors.ts';
import { listFiles, listUnfinished } from './list-files.ts';
import { objectPath } from './object-path.ts';
import { removeUnchanged } from './remove-unchanged.ts';

/** A folder as an object store. The folder comes into being with the first object. */
export function createFilesStore(root: string): ObjectStore {
  const location = resolve(root);
  const pathOf = (name: string) => objectPath(location, name);
  const guard = <Value>(work: () => Promise<Value>): Promise<Value> =>
    work().catch((error: unknown) => {
      throw meaningOf(error, location);
    });

  return {
    location,

    putIfAbsent: (name, content, sha256) =>
      guard(async () => {
        const path = pathOf(name);
        // Before anything is written: a repeat costs no second copy.
        const size = await renewSame(path, sha256);
        if (size !== undefined) return { created: false, size };
        return putNew(path, content, sha256);
      }),

    overwrite: (name, bytes) =>
      guard(async () => {
        const path = pathOf(name);
        await writeBeside(path, { bytes }, ({ path: written }) => rename(written, path));
      }),

    read: (name) =>
      guard(async () => {
        try {
          return await readFile(pathOf(name));
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }),

    open: (name) =>
      guard(async (): Promise<Readable> => {
        const handle = await open(await existing(location, name), 'r');
        return handle.createReadStream();
      }),

    localPath: (name) => guard(() => existing(location, name)),

    async *list(prefix): AsyncGenerator<StoredObject> {
      try {
        yield* listFiles(location, prefix);
      } catch (error) {
        throw meaningOf(error, location);
      }
    },

    remove: (name) =>
      guard(async () => {
        try {
          await unlink(pathOf(name));
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      }),

    removeUnchanged: (object) => guard(() => removeUnchanged(location, pathOf(object.name), object.version)),

    async *unfinished() {
      try {
        yield* listUnfinished(location);
      } catch (error) {
        throw meaningOf(error, location);
      }
    },
  };
}

async function putNew(
  path: string,
  content: Content,
  sha256: string,
): Promise<{ created: boolean; size: number }> {
  return writeBeside(path, content, async (written) => {
    if (written.sha256 !== sha256) {
      throw new StepError(
        EXIT.defect,
        `${path}: the bytes have the SHA-256 ${written.sha256}, not ${sha256} as announced; nothing was written`,
      );
    }
    for (;;) {
      try {
        // A link, not a rename: it never replaces, not even what another process wrote a moment ago.
        await link(written.path, path);
        return { created: true, size: written.size };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        if ((await renewSame(path, sha256)) !== undefined) return { created: false, size: written.size };
      }
    }
  });
}

/**
 * Size of the object if it is there with this checksum, dated anew; undefined if it is not there; a defect if it
 * differs.
 */
async function renewSame(path: string, sha256: string): Promise<number | undefined> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
    if (hash.digest('hex') === sha256) {
      await renew(path);
      return size;
    }
  } catch (error) {
    // Removed while it was read: then it is written again.
    if (isMissing(error)) return undefined;
    throw error;
  }
  throw new StepError(EXIT.defect, `${path} is there already with other content, and objects never change`);
}

async function renew(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch((error: unknown) => {
    // Of another user, who alone may date it: what is there is still what was to be written.
    if (codeOf(error) !== 'EPERM' && codeOf(error) !== 'EACCES') throw error;
  });
}

async function existing(root: string, name: string): Promise<string> {
  const path = objectPath(root, name);
  const status = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (status?.isFile()) return path;
  throw configuration(
    `${path} is gone: it was there when a step before wrote it. Run the pipeline again from extract`,
  );
}
