import { createHash } from 'node:crypto';
import { configuration } from '../../errors.ts';
import type { Bucket } from './bucket.ts';
import type { GcsResponse } from './client.ts';
import { Passing, type Retries } from './retries.ts';

interface Found {
  readonly generation: string;
  /** Base64. */
  readonly md5: string;
}

/**
 * The bytes of an object as they come; where a connection is lost, what is missing is asked for. Ends with `Passing`
 * where the whole is not what the bucket has the checksum of. Undefined where there is no such object.
 */
export async function download(
  bucket: Bucket,
  name: string,
  retries: Retries,
): Promise<AsyncGenerator<Buffer> | undefined> {
  const first = await retried(retries, () => request(bucket, name, 0));
  if (first === undefined) return undefined;
  const found = headersOf(first, bucket, name);
  return follow(bucket, name, retries, first, found);
}

async function* follow(
  bucket: Bucket,
  name: string,
  retries: Retries,
  first: GcsResponse,
  { generation, md5 }: Found,
): AsyncGenerator<Buffer> {
  const hash = createHash('md5');
  let offset = 0;
  let response: GcsResponse | undefined = first;
  for (;;) {
    try {
      response ??= await request(bucket, name, offset, generation);
      if (response === undefined)
        throw configuration(`gs://${bucket.name}/${name} was removed while it was read`);
      // Without the status 206 it begins anew.
      let skip = response.status === 206 ? 0 : offset;
      for await (const chunk of response.body) {
        const fresh = chunk.subarray(Math.min(skip, chunk.length));
        skip -= chunk.length - fresh.length;
        if (fresh.length === 0) continue;
        retries.progress();
        hash.update(fresh);
        offset += fresh.length;
        yield fresh;
      }
      break;
    } catch (error) {
      await retries.after(error);
      response = undefined;
      // The connection may have been lost after the last byte, and there is no range beyond it.
      if (hash.copy().digest('base64') === md5) break;
    }
  }
  if (hash.digest('base64') !== md5) {
    throw new Passing('what was read has not the checksum that the bucket has of it');
  }
}

async function request(
  bucket: Bucket,
  name: string,
  offset: number,
  generation?: string,
): Promise<GcsResponse | undefined> {
  const response = await bucket.send({
    method: 'GET',
    path: bucket.objectPath(name),
    query: { alt: 'media', ...(generation === undefined ? {} : { generation }) },
    headers: {
      // What is stored as gzip is to come as gzip: without this the server unpacks it.
      'accept-encoding': 'gzip',
      ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
    },
  });
  if (response.status === 200 || response.status === 206) return response;
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  const answer = { ...response, text: Buffer.concat(chunks).toString('utf8') };
  if (response.status !== 404) throw bucket.refusal(answer);
  await bucket.requireBucket();
  return undefined;
}

function headersOf({ headers }: GcsResponse, bucket: Bucket, name: string): Found {
  const generation = headers.get('x-goog-generation');
  const md5 = /(?:^|,)\s*md5=([^,\s]+)/.exec(headers.get('x-goog-hash') ?? '')?.[1];
  if (generation !== null && md5 !== undefined) return { generation, md5 };
  throw configuration(
    `gs://${bucket.name}/${name} has no MD5, so it was not written by pipegen: remove it, and run the step again that writes it`,
  );
}

async function retried<Value>(retries: Retries, work: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      await retries.after(error);
    }
  }
}
