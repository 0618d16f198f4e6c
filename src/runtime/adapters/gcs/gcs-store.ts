import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EXIT } from '../../../spec/exit-codes.ts';
import { configuration, StepError, temporary } from '../../errors.ts';
import type { ObjectStore, StoredObject } from '../../ports/object-store.ts';
import { meaningOf } from '../files/file-errors.ts';
import { isObjectName, requireObjectName } from '../object-name.ts';
import { Bucket, type GcsObject } from './bucket.ts';
import { createClient } from './client.ts';
import { digestOf } from './digest.ts';
import { download } from './download.ts';
import { PATIENCE, Passing, type Patience, Retries, withRetries } from './retries.ts';
import { SINGLE, uploadOnce } from './upload.ts';

export interface GcsLocation {
  readonly bucket: string;
  readonly prefix: string;
  readonly endpoint?: string | undefined;
}

/** Milliseconds for the last receipt of a step that has been told to stop. */
const FAREWELL = 20_000;

/** A bucket, or what is below a prefix of it, as an object store. Requests and pauses end with the signal. */
export function createGcsStore(
  { bucket: bucketName, prefix, endpoint }: GcsLocation,
  signal: AbortSignal,
  patience: Patience = PATIENCE,
): ObjectStore {
  const root = rootOf(prefix);
  const location = `gs://${bucketName}${root === '' ? '' : `/${root.slice(0, -1)}`}`;
  const send = createClient(endpoint, patience.silence);
  const bucket = new Bucket(bucketName, send, signal);
  const nameOf = (name: string) => {
    requireObjectName(name);
    return root + name;
  };
  const retried = <Value>(doing: string, name: string, work: () => Promise<Value>): Promise<Value> =>
    withRetries(`${doing} ${location}/${name}`, patience, signal, work);
  /** The whole object, begun anew where what came is damaged. */
  const whole = async <Value>(
    name: string,
    take: (bytes: AsyncIterable<Buffer>) => Promise<Value>,
  ): Promise<Value | undefined> => {
    const full = nameOf(name);
    return retried('read', name, async () => {
      const bytes = await download(bucket, full, new Retries(`read ${location}/${name}`, patience, signal));
      return bytes === undefined ? undefined : take(bytes);
    });
  };

  return {
    location,

    putIfAbsent: async (name, content, sha256) => {
      const full = nameOf(name);
      const digest = await digestOf(content, signal);
      if (digest.sha256 !== sha256) {
        throw new StepError(
          EXIT.defect,
          `${location}/${name}: the bytes have the SHA-256 ${digest.sha256}, not ${sha256} as announced; nothing was written`,
        );
      }
      const { size, md5 } = digest;
      const retries = new Retries(`write ${location}/${name}`, patience, signal);
      /** True if it is there with this content and dated anew, false if it is not there, a defect if it differs. */
      const sameContent = async (): Promise<boolean> => {
        const there = await bucket.find(full);
        if (there === undefined) return false;
        if (Number(there.size) === size && there.md5Hash === md5) return bucket.renew(full);
        throw new StepError(
          EXIT.defect,
          `${location}/${name} is there already with other content, and objects never change`,
        );
      };
      for (;;) {
        try {
          // A large one is looked for before it is sent: a repeat costs no second upload.
          if (size > SINGLE && (await sameContent())) return { created: false, size };
          const upload = { bucket, name: full, content, digest, replaces: '0' };
          if (await uploadOnce(upload, retries)) return { created: true, size };
          if (await sameContent()) return { created: false, size };
          throw new Passing('it was removed while it was looked at');
        } catch (error) {
          await retries.after(error);
        }
      }
    },

    overwrite: async (name, bytes) => {
      const full = nameOf(name);
      const content = { bytes };
      // What a step says last is said after it has been told to stop.
      const until = signal.aborted ? AbortSignal.timeout(FAREWELL) : new AbortController().signal;
      const own = bucket.until(until);
      const retries = new Retries(`write ${location}/${name}`, patience, until);
      const digest = await digestOf(content, until);
      for (;;) {
        try {
          // With a condition also here: a request that was given up and comes late must not undo a later one.
          const replaces = (await own.find(full))?.generation ?? '0';
          if (await uploadOnce({ bucket: own, name: full, content, digest, replaces }, retries)) return;
          if ((await own.find(full))?.md5Hash === digest.md5) return;
          throw new Passing('another writer was faster');
        } catch (error) {
          await retries.after(error);
        }
      }
    },

    read: (name) =>
      whole(name, async (bytes) => {
        const chunks: Buffer[] = [];
        for await (const chunk of bytes) chunks.push(chunk);
        return Buffer.concat(chunks);
      }),

    open: async (name) => {
      const full = nameOf(name);
      const doing = `read ${location}/${name}`;
      const bytes = await download(bucket, full, new Retries(doing, patience, signal));
      if (bytes === undefined) throw gone(location, name);
      return Readable.from(meant(bytes, doing), { objectMode: false });
    },

    localPath: async (name, folder) => {
      const path = join(folder, randomUUID());
      const copied = await whole(name, async (bytes) => {
        try {
          await pipeline(bytes, createWriteStream(path), { signal });
        } catch (error) {
          await rm(path, { force: true });
          throw meaningOf(error, folder);
        }
        return true;
      });
      if (copied === undefined) throw gone(location, name);
      return path;
    },

    async *list(below): AsyncGenerator<StoredObject> {
      let token: string | undefined;
      do {
        const page = await retried('list', below, () => bucket.page(root + below, token));
        for (const object of page.objects) {
          const name = object.name.slice(root.length);
          if (isObjectName(name)) yield { ...stored(object), name };
        }
        token = page.next;
      } while (token !== undefined);
    },

    remove: async (name) => {
      const full = nameOf(name);
      await retried('remove', name, () => bucket.remove(full));
    },

    removeUnchanged: (object) => {
      const full = nameOf(object.name);
      const [ifGenerationMatch = '', ifMetagenerationMatch = ''] = object.version.split('/');
      const condition = { ifGenerationMatch, ifMetagenerationMatch };
      return retried('remove', object.name, () => bucket.remove(full, condition));
    },

    // An upload that was given up is no object, and the bucket forgets it after a week.
    async *unfinished() {},
  };
}

function stored({ size, updated, generation, metageneration }: GcsObject): Omit<StoredObject, 'name'> {
  return { size: Number(size), updated: new Date(updated), version: `${generation}/${metageneration}` };
}

/** `a/b/` for `a/b`, `/a/b/` and the like; empty for none. */
function rootOf(prefix: string): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, '');
  if (trimmed === '') return '';
  if (isObjectName(trimmed)) return `${trimmed}/`;
  throw configuration(
    `store.prefix is ${JSON.stringify(prefix)}, which no object can be below: name folders such as pipegen or data/raw`,
  );
}

function gone(location: string, name: string): StepError {
  return configuration(
    `${location}/${name} is gone: it was there when a step before wrote it. Run the pipeline again from extract`,
  );
}

/** A stream's reader has had the bytes already, so that a damaged one can't be begun anew here. */
async function* meant(bytes: AsyncIterable<Buffer>, doing: string): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    throw error instanceof Passing ? temporary(`${doing}: ${error.message}: run again`) : error;
  }
}
