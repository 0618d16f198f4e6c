import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError } from '../../errors.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { inParallel } from '../../steps/extract/in-parallel.ts';

/** Objects that are fetched at the same time. */
const AT_A_TIME = 8;

/** An object as a receipt names it. */
export interface ReceiptObject {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Objects of the store as local files whose names are their numbers, `<folder>/000001<extension>`: DuckDB names no
 * column after a path, but its `filename` then tells which object a row is from. Size and SHA-256 must be those of
 * the receipt; a defect otherwise, since nothing may change an object once it is written.
 */
export async function linkObjects(
  store: ObjectStore,
  objects: readonly ReceiptObject[],
  folder: string,
  extension: string,
  signal: AbortSignal,
): Promise<string[]> {
  const copies = join(folder, 'objects');
  await mkdir(copies, { recursive: true });
  // Of a bucket each is a request of its own, and most of its time is waiting.
  return inParallel([...objects.entries()], AT_A_TIME, signal, async ([index, object], until) => {
    const local = resolve(await store.localPath(object.name, copies));
    await verify(store, object, local, until);
    const path = join(folder, `${String(index + 1).padStart(6, '0')}${extension}`);
    await symlink(local, path);
    return path;
  });
}

async function verify(store: ObjectStore, object: ReceiptObject, local: string, signal: AbortSignal) {
  const { size } = await stat(local);
  const hash = createHash('sha256');
  await pipeline(createReadStream(local), hash, { signal });
  if (size === object.size && hash.digest('hex') === object.sha256) return;
  throw new StepError(
    EXIT.defect,
    `${store.location}/${object.name} is not what its receipt says (${size} bytes, ${object.size} expected, or other content): it was changed after it was written; run the step that wrote it again under a new run`,
  );
}

/** Bytes that a gzip file of one member holds, from its last four bytes; RFC 1952, below 4 GiB. */
export async function decodedSize(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size < 18) return 0;
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, size - 4);
    return buffer.readUInt32LE(0);
  } finally {
    await file.close();
  }
}
