import { randomUUID } from 'node:crypto';
import { described, type GcsObject } from './bucket.ts';
import { slice } from './digest.ts';
import { uploadInChunks } from './resumable.ts';
import { Passing, type Retries } from './retries.ts';
import { metadataOf, type Upload } from './upload-request.ts';

/** Above this many bytes an upload goes in chunks and can be resumed. */
export const SINGLE = 10_000_000;

/**
 * Sends a content under a condition, and its MD5 with it, so that the server refuses what did not arrive as it was
 * sent. False where the condition does not hold. What a server took without looking is removed again.
 */
export async function uploadOnce(upload: Upload, retries: Retries): Promise<boolean> {
  const { bucket, name, digest } = upload;
  const object = digest.size > SINGLE ? await uploadInChunks(upload, retries) : await uploadWhole(upload);
  if (object === undefined) return false;
  if (Number(object.size) === digest.size && object.md5Hash === digest.md5) return true;
  await bucket.remove(name, { ifGenerationMatch: object.generation });
  throw new Passing('the bytes did not arrive as they were sent');
}

async function uploadWhole(upload: Upload): Promise<GcsObject | undefined> {
  const { bucket, content, digest, replaces } = upload;
  const boundary = randomUUID();
  const part = (type: string) => `--${boundary}\r\ncontent-type: ${type}\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(`${part('application/json')}${JSON.stringify(metadataOf(upload))}\r\n`),
    Buffer.from(part('application/octet-stream')),
    await slice(content, 0, digest.size),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const answer = await bucket.ask(
    {
      method: 'POST',
      path: `/upload/storage/v1/b/${bucket.name}/o`,
      query: { uploadType: 'multipart', ifGenerationMatch: replaces },
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
      body,
    },
    [412],
  );
  return answer.status === 412 ? undefined : described(answer);
}
