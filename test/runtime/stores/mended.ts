import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { readMultipart, writeMultipart } from './multipart.ts';

export interface Exchange {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body was cut off: what is there was received and the rest never comes. */
  cut?: boolean;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** What is kept of an upload that was broken off is a multiple of this. */
const QUANTUM = 256 * 1024;

interface GcsObject {
  bucket: string;
  name: string;
  metageneration: string;
}

interface Session {
  /** Of the request that began it. */
  path: string;
  condition: string;
  metadata: Record<string, unknown>;
  received: Buffer[];
  answer?: Reply;
}

/**
 * Passes requests to fake-gcs-server and adds what Google Cloud Storage does and it does not:
 * - resumable uploads that can be asked how far they are, take a chunk twice, and keep what came of a chunk that was
 *   cut off: https://docs.cloud.google.com/storage/docs/performing-resumable-uploads
 * - removal under a condition, and a metageneration that grows with each change of the metadata:
 *   https://docs.cloud.google.com/storage/docs/request-preconditions
 * - an upload whose bytes have not the MD5 that came with them is refused:
 *   https://docs.cloud.google.com/storage/docs/data-validation
 */
export function createMended(emulator: string, address: () => string) {
  const sessions = new Map<string, Session>();
  const changes = new Map<string, number>();

  return async (exchange: Exchange): Promise<Reply> => {
    const { method, url, headers, body } = exchange;
    const session = sessions.get(url.searchParams.get('upload_id') ?? '');
    if (session !== undefined) return take(session, exchange);
    if (url.searchParams.get('uploadType') === 'resumable') {
      const id = randomUUID();
      const condition = url.searchParams.get('ifGenerationMatch') ?? '';
      const metadata = JSON.parse(body.toString()) as Record<string, unknown>;
      sessions.set(id, { path: url.pathname, condition, metadata, received: [] });
      return reply(200, {}, { location: `${address()}${url.pathname}?uploadType=resumable&upload_id=${id}` });
    }
    // A request that does not arrive whole has no effect.
    if (exchange.cut) return refusal(400, 'cut off');
    if (url.searchParams.get('uploadType') === 'multipart') {
      const { metadata, content } = readMultipart(body, headers['content-type'] ?? '');
      return upload(url, metadata, content);
    }
    if (method === 'PATCH') changes.set(url.pathname, (changes.get(url.pathname) ?? 1) + 1);
    if (method === 'DELETE' && !(await holds(url))) return refusal(412, 'Precondition failed');
    if (method === 'DELETE') changes.delete(url.pathname);
    const answer = await pass(url, method, body, headers);
    return method === 'GET' && url.searchParams.get('alt') !== 'media' ? counted(answer) : answer;
  };

  /** Descriptions of objects, with their metageneration. */
  function counted(answer: Reply): Reply {
    if (answer.status !== 200) return answer;
    const value = JSON.parse(answer.body.toString()) as GcsObject & { items?: GcsObject[] };
    for (const object of value.items ?? [value]) object.metageneration = String(metagenerationOf(object));
    return { ...answer, body: Buffer.from(JSON.stringify(value)) };
  }

  function metagenerationOf({ bucket, name }: GcsObject): number {
    return changes.get(`/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`) ?? 1;
  }

  async function take(session: Session, { headers, body, cut }: Exchange): Promise<Reply> {
    if (session.answer !== undefined) return session.answer;
    const [, first, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
    if (first !== undefined) {
      const held = size(session);
      const fresh = body.subarray(held - Number(first));
      session.received.push(cut ? fresh.subarray(0, fresh.length - (fresh.length % QUANTUM)) : fresh);
    }
    const held = size(session);
    if (held < Number(total)) {
      return reply(308, undefined, held === 0 ? {} : { range: `bytes=0-${held - 1}` });
    }
    const target = new URL(session.path, emulator);
    target.searchParams.set('ifGenerationMatch', session.condition);
    session.answer = await upload(target, session.metadata, Buffer.concat(session.received));
    return session.answer;
  }

  async function upload(url: URL, metadata: Record<string, unknown>, content: Buffer): Promise<Reply> {
    const md5 = createHash('md5').update(content).digest('base64');
    if (metadata.md5Hash !== undefined && metadata.md5Hash !== md5) {
      const message = `Provided MD5 hash "${metadata.md5Hash}" doesn't match calculated MD5 hash "${md5}".`;
      return refusal(400, message);
    }
    changes.delete(`${url.pathname.replace('/upload', '')}/${encodeURIComponent(String(metadata.name))}`);
    const { body, contentType } = writeMultipart({ metadata, content });
    const target = new URL(url);
    target.searchParams.set('uploadType', 'multipart');
    return pass(target, 'POST', body, { 'content-type': contentType });
  }

  async function holds(url: URL): Promise<boolean> {
    const generation = url.searchParams.get('ifGenerationMatch');
    const metageneration = url.searchParams.get('ifMetagenerationMatch');
    if (generation === null && metageneration === null) return true;
    const found = await pass(new URL(url.pathname, emulator), 'GET', Buffer.alloc(0), {});
    if (found.status !== 200) return true;
    const object = JSON.parse(found.body.toString()) as { generation: string };
    if (generation !== null && object.generation !== generation) return false;
    return metageneration === null || Number(metageneration) === (changes.get(url.pathname) ?? 1);
  }

  async function pass(url: URL, method: string, body: Buffer, headers: IncomingHttpHeaders): Promise<Reply> {
    const sent: Record<string, string> = {};
    for (const name of ['content-type', 'range'] as const) {
      const value = headers[name];
      if (value !== undefined) sent[name] = value;
    }
    const answer = await fetch(new URL(`${url.pathname}${url.search}`, emulator), {
      method,
      headers: sent,
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const kept: Record<string, string> = {};
    for (const [name, value] of answer.headers) {
      if (/^(content-type|content-range|x-goog-)/.test(name)) kept[name] = value;
    }
    return { status: answer.status, headers: kept, body: Buffer.from(await answer.arrayBuffer()) };
  }
}

function size({ received }: Session): number {
  return received.reduce((sum, one) => sum + one.length, 0);
}

function reply(status: number, value: unknown, headers: Record<string, string>): Reply {
  const body = Buffer.from(value === undefined ? '' : JSON.stringify(value));
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

function refusal(code: number, message: string): Reply {
  return reply(code, { error: { code, message, errors: [{ domain: 'global', message }] } }, {});
}
