import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { configuration } from '../../../errors.ts';
import { Damaged } from '../unusable.ts';

const decompress = promisify(gunzip);

/** First bytes of a gzip file with deflate, the only method there is (RFC 1952); no text begins so. */
function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b && body[2] === 8;
}

/**
 * What is in the body where that is a gzip file itself, else the body. By its first bytes and not by the name in the
 * address: some servers undo a `.gz` on the way.
 *
 * @param limit bytes that it may have when inflated
 * @throws Damaged where it was cut off
 */
export async function inflate(body: Buffer, limit: number): Promise<Buffer> {
  if (!isGzip(body)) return body;
  try {
    return await decompress(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw configuration(
        `the gzip file has more than ${limit} bytes when it is inflated: raise max_response of the source and the memory of the step, or ask for less at a time`,
      );
    }
    throw new Damaged('answered with a gzip file that is damaged or cut off');
  }
}
