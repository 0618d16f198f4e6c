import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Content } from '../../ports/object-store.ts';
import { UNFINISHED } from '../object-name.ts';
import { isMissing } from './file-errors.ts';

export interface Written {
  /** The unfinished file, flushed to disk, in the folder of its target. */
  path: string;
  size: number;
  sha256: string;
}

/**
 * Writes the content beside its target and flushes it, then lets `publish` give it its name and flushes the folder:
 * a name is only ever seen on whole and durable bytes. Whatever happens, nothing unfinished stays.
 */
export async function writeBeside<Value>(
  target: string,
  content: Content,
  publish: (written: Written) => Promise<Value>,
): Promise<Value> {
  const folder = dirname(target);
  const path = join(folder, `${UNFINISHED}${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    const handle = await create(path);
    let written: Written;
    try {
      written = { path, ...(await copy(content, handle)) };
      await handle.sync();
    } finally {
      await handle.close();
    }
    const value = await publish(written);
    await flushFolder(folder);
    return value;
  } finally {
    await unlink(path).catch(() => undefined);
  }
}

/** The folder may be cleared away, being empty, between the moment it is made and the moment it is used. */
async function create(path: string): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      await makeFolder(dirname(path));
      return await open(path, 'wx', 0o666);
    } catch (error) {
      if (!isMissing(error) || attempt === 5) throw error;
    }
  }
}

async function copy(content: Content, handle: FileHandle): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  const chunks =
    'bytes' in content ? [content.bytes] : (createReadStream(content.file) as AsyncIterable<Buffer>);
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.length;
    await handle.writeFile(chunk);
  }
  return { size, sha256: hash.digest('hex') };
}

/** New folders are flushed into their parents too, or a crash could take a durable file with its folder. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let path = folder; ; path = dirname(path)) {
    await flushFolder(dirname(path));
    if (path === first || path === dirname(path)) return;
  }
}

async function flushFolder(folder: string): Promise<void> {
  // Windows opens no folders; its file system journals names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
