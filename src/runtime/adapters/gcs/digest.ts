import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Content } from '../../ports/object-store.ts';

/** What is known of a content before it is sent. */
export interface Digest {
  /** Bytes. */
  readonly size: number;
  /** Base64, as GCS has it. MD5 since Node computes it five times as fast as the library its CRC32C. */
  readonly md5: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

export async function digestOf(content: Content, signal: AbortSignal): Promise<Digest> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  let size = 0;
  for await (const chunk of chunksOf(content, signal)) {
    md5.update(chunk);
    sha256.update(chunk);
    size += chunk.length;
  }
  return { size, md5: md5.digest('base64'), sha256: sha256.digest('hex') };
}

function chunksOf(content: Content, signal: AbortSignal): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return 'bytes' in content ? [content.bytes] : createReadStream(content.file, { signal });
}

/** Bytes from `start` up to `end`, which is not one of them. */
export async function slice(content: Content, start: number, end: number): Promise<Uint8Array> {
  if ('bytes' in content) return content.bytes.subarray(start, end);
  const chunks: Buffer[] = [];
  if (end > start) {
    for await (const chunk of createReadStream(content.file, { start, end: end - 1 })) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
