import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const decompress = promisify(gunzip);
/** Of Node's zlib. */
const LEAST_CHUNK = 64;
/** A file that is cut off ends in any number: it must not be believed beyond what a page may be. */
const LARGEST_CHUNK = 256 * 2 ** 20;

/**
 * A gzipped file, decoded by another thread in one piece: gathered from pieces it would be in memory twice, until
 * somebody collects them.
 */
export async function decodedPage(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  const size = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  // One byte more: a piece that is full makes zlib ready another one.
  const chunkSize = Math.min(Math.max(size + 1, LEAST_CHUNK), LARGEST_CHUNK);
  return decompress(bytes, { chunkSize });
}

/**
 * Gives the memory of a decoded page back at once: dozens of them would wait for somebody to collect them. Nobody may
 * use the page any more.
 */
export function releasePage(page: Buffer): void {
  const { buffer } = page;
  // Small ones share their memory with others.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === page.length + 1) buffer.transfer(0);
}
