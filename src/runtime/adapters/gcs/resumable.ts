import { type Answer, type Bucket, described, type GcsObject } from './bucket.ts';
import { slice } from './digest.ts';
import { Passing, type Retries } from './retries.ts';
import { metadataOf, type Upload } from './upload-request.ts';

/** Bytes of a request; a multiple of 256 KiB, and all that is in memory of an upload. */
const CHUNK = 8 * 1024 * 1024;

/** The server has forgotten the upload, or is done with it: what is there says which. */
const GONE = [404, 410];
const INCOMPLETE = 308;
/** Such as a checksum that is not that of the bytes. */
const REFUSED = 400;

/**
 * Sends a content in chunks; where a connection is lost, the server says how much it has, and the rest follows.
 * Undefined where the condition does not hold.
 * https://docs.cloud.google.com/storage/docs/performing-resumable-uploads
 */
export async function uploadInChunks(upload: Upload, outer: Retries): Promise<GcsObject | undefined> {
  const session = await begin(upload);
  // What comes through extends the deadline of this upload, not that of beginning it again and again.
  const retries = outer.within();
  if (session === undefined) return undefined;
  let offset = 0;
  let unsure = false;
  for (;;) {
    try {
      const answer = unsure ? await ask(upload, session) : await send(upload, session, offset);
      if (answer.status === 412) return undefined;
      if (GONE.includes(answer.status)) throw new Lost('the upload was given up by the server');
      if (answer.status === REFUSED) throw new Lost(upload.bucket.refusal(answer));
      if (answer.status !== INCOMPLETE) return described(answer);
      const before = offset;
      offset = received(answer);
      if (offset > before) retries.progress();
      else if (!unsure) throw new Passing('the server took nothing of what was sent');
      unsure = false;
    } catch (error) {
      if (error instanceof Lost) throw error.reason;
      await retries.after(error);
      unsure = true;
    }
  }
}

/** Nothing more can come of this upload; it may be begun anew where the reason passes. */
class Lost extends Error {
  readonly reason: Error;

  constructor(reason: Error | string) {
    super();
    this.reason = typeof reason === 'string' ? new Passing(reason) : reason;
  }
}

async function begin(upload: Upload): Promise<string | undefined> {
  const { bucket, digest, name, replaces } = upload;
  const answer = await bucket.ask(
    {
      method: 'POST',
      path: `/upload/storage/v1/b/${bucket.name}/o`,
      query: { uploadType: 'resumable', ifGenerationMatch: replaces, name },
      headers: {
        'content-type': 'application/json',
        'x-upload-content-type': 'application/octet-stream',
        'x-upload-content-length': String(digest.size),
      },
      body: JSON.stringify(metadataOf(upload)),
    },
    [412],
  );
  if (answer.status === 412) return undefined;
  const session = answer.headers.get('location');
  if (session === null) throw new Passing('the answer to the beginning of an upload names no address');
  return session;
}

async function send(upload: Upload, session: string, offset: number): Promise<Answer> {
  const { bucket, content, digest } = upload;
  const body = await slice(content, offset, Math.min(offset + CHUNK, digest.size));
  const range = `bytes ${offset}-${offset + body.length - 1}/${digest.size}`;
  return put(bucket, session, range, body);
}

/** How much the server has, or the object where it has all. */
function ask({ bucket, digest }: Upload, session: string): Promise<Answer> {
  return put(bucket, session, `bytes */${digest.size}`, new Uint8Array());
}

function put(bucket: Bucket, session: string, range: string, body: Uint8Array): Promise<Answer> {
  const headers = { 'content-range': range, 'content-type': 'application/octet-stream' };
  return bucket.ask({ method: 'PUT', path: session, headers, body }, [INCOMPLETE, 412, REFUSED, ...GONE]);
}

/** Bytes that the server holds for good; without the header, none. */
function received({ headers }: Answer): number {
  const last = /^bytes=0-(\d+)$/.exec(headers.get('range') ?? '')?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}
