import { once } from 'node:events';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** What `exchange` asks for; others are no answer. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** More layers than this are no honest answer. */
const MOST_LAYERS = 3;

/** The answer is encoded in a way that was not asked for; the message continues "the answer …". */
export class UnknownEncoding extends Error {
  override readonly name = 'UnknownEncoding';
}

/**
 * A body with its content encodings undone, strictly: one that is cut off is an error, also where what came could be
 * read. Never holds more than `limit` bytes; undefined as soon as there are more.
 */
export async function readBody(
  stream: Readable,
  encodings: string,
  limit: number,
): Promise<Buffer | undefined> {
  const layers = encodings
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'identity');
  if (layers.length > MOST_LAYERS) throw new UnknownEncoding(`is compressed ${layers.length} times over`);
  let plain = stream;
  for (const layer of layers.reverse()) plain = await undo(plain, layer);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of plain as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the streams and with them the connection.
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

async function undo(stream: Readable, encoding: string): Promise<Readable> {
  if (encoding === 'gzip' || encoding === 'x-gzip') return through(stream, createGunzip());
  if (encoding === 'br') return through(stream, createBrotliDecompress());
  if (encoding === 'deflate') {
    return through(stream, (await hasZlibHeader(stream)) ? createInflate() : createInflateRaw());
  }
  stream.destroy();
  const shown = /^[\w-]{1,20}$/.test(encoding) ? encoding : 'something unknown';
  throw new UnknownEncoding(`is compressed by ${shown}, which was not asked for`);
}

function through<Step extends Readable & NodeJS.WritableStream>(stream: Readable, step: Step): Readable {
  // Errors come out of the last stream; the callback only keeps them from being unhandled.
  pipeline(stream, step, () => undefined);
  return step;
}

/** Many servers send deflate without the zlib header that RFC 9110 (8.4.1.2) asks for. */
async function hasZlibHeader(stream: Readable): Promise<boolean> {
  await once(stream, 'readable');
  const first = stream.read() as Buffer | null;
  if (first === null) return true;
  stream.unshift(first);
  return ((first[0] ?? 0) & 0x0f) === 8;
}
