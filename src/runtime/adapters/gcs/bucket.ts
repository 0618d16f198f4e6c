import type { GcsRequest, GcsResponse, Send } from './client.ts';
import { noBucket, refusalOf } from './failure.ts';
import { Passing } from './retries.ts';

/** An object as the bucket describes it. https://docs.cloud.google.com/storage/docs/json_api/v1/objects */
export interface GcsObject {
  readonly name: string;
  /** Bytes, as a decimal text. */
  readonly size: string;
  /** Base64; missing only for objects that were composed of others, which pipegen never does. */
  readonly md5Hash?: string;
  readonly generation: string;
  readonly metageneration: string;
  readonly updated: string;
}

const FIELDS = 'name,size,md5Hash,generation,metageneration,updated';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One bucket's requests, each sent once; names are whole, with the store's prefix. */
export class Bucket {
  readonly name: string;
  readonly #send: Send;
  readonly #signal: AbortSignal;
  #seen = false;

  constructor(name: string, send: Send, signal: AbortSignal) {
    this.name = name;
    this.#send = send;
    this.#signal = signal;
  }

  /** The same bucket, whose requests end with another signal. */
  until(signal: AbortSignal): Bucket {
    return new Bucket(this.name, this.#send, signal);
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  send(request: GcsRequest): Promise<GcsResponse> {
    return this.#send(request, this.#signal);
  }

  /** The answer as a whole; fails where its status is neither a success nor one of `accepted`. */
  async ask(request: GcsRequest, accepted: readonly number[] = []): Promise<Answer> {
    const { status, headers, body } = await this.send(request);
    const answer = { status, headers, text: await textOf(body) };
    if ((status < 200 || status > 299) && !accepted.includes(status)) throw this.refusal(answer);
    return answer;
  }

  refusal(answer: Answer): Error {
    return answer.status === 404 ? noBucket(this.name) : refusalOf(answer, this.name);
  }

  async find(name: string): Promise<GcsObject | undefined> {
    const answer = await this.ask(
      { method: 'GET', path: this.objectPath(name), query: { fields: FIELDS } },
      [404],
    );
    if (answer.status !== 404) return described(answer);
    await this.requireBucket();
    return undefined;
  }

  /** Objects in the order of their names, a page at a time. */
  async page(prefix: string, token: string | undefined): Promise<{ objects: GcsObject[]; next?: string }> {
    const query = {
      prefix,
      maxResults: '1000',
      fields: `items(${FIELDS}),nextPageToken`,
      ...(token === undefined ? {} : { pageToken: token }),
    };
    const answer = await this.ask({ method: 'GET', path: `/storage/v1/b/${this.name}/o`, query });
    const { items = [], nextPageToken } = parsed<{ items?: GcsObject[]; nextPageToken?: string }>(answer);
    return { objects: items, ...(nextPageToken ? { next: nextPageToken } : {}) };
  }

  /** False where the object is another than `condition` says; true where it is gone. */
  async remove(name: string, condition: Readonly<Record<string, string>> = {}): Promise<boolean> {
    const request = { method: 'DELETE', path: this.objectPath(name), query: condition } as const;
    const { status } = await this.ask(request, [404, 412]);
    if (status === 404) await this.requireBucket();
    return status !== 412;
  }

  /** Makes `updated` and `metageneration` those of now. False where it is gone. */
  async renew(name: string): Promise<boolean> {
    const { status } = await this.ask(
      {
        method: 'PATCH',
        path: this.objectPath(name),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ metadata: { 'pipegen-renewed': new Date().toISOString() } }),
      },
      [404],
    );
    return status !== 404;
  }

  objectPath(name: string): string {
    return `/storage/v1/b/${this.name}/o/${encodeURIComponent(name)}`;
  }

  /** That an object is not there may mean that nothing is: the answers do not tell. */
  async requireBucket(): Promise<void> {
    if (this.#seen) return;
    await this.ask({ method: 'GET', path: `/storage/v1/b/${this.name}/o`, query: { maxResults: '1' } });
    this.#seen = true;
  }
}

export function described(answer: Answer): GcsObject {
  return parsed<GcsObject>(answer);
}

function parsed<Value>({ text }: Answer): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new Passing('the answer is not whole: it is no JSON');
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
