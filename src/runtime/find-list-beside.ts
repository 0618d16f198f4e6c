import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FoundList } from './find-list.ts';

/** Bytes; a smaller body is looked through before another thread could be asked. */
const LEAST = 128 * 1024;

/** To the other thread: `body` in memory that both see. */
export interface Question {
  readonly id: number;
  readonly body: SharedArrayBuffer;
  readonly path: string;
}

export interface Answer {
  readonly id: number;
  readonly found: FoundList | undefined;
}

interface Asked {
  resolve(found: FoundList | undefined): void;
  reject(error: unknown): void;
}

let worker: Worker | undefined;
let questions = 0;
const waiting = new Map<number, Asked>();

/**
 * `findList` in another thread, while this one receives and lands other pages: to look at each byte of a page takes
 * a third of what extract does.
 *
 * @returns undefined also for a small body, which nobody has looked through
 */
export async function findListBeside(body: Buffer, path: string): Promise<FoundList | undefined> {
  if (body.length < LEAST || path === '') return undefined;
  const shared = new SharedArrayBuffer(body.length);
  body.copy(new Uint8Array(shared));
  worker ??= start();
  const { promise, resolve, reject } = Promise.withResolvers<FoundList | undefined>();
  questions += 1;
  waiting.set(questions, { resolve, reject });
  worker.ref();
  worker.postMessage({ id: questions, body: shared, path } satisfies Question);
  return promise;
}

function start(): Worker {
  // The same ending as this file's: TypeScript in a checkout, JavaScript in the package.
  const file = new URL(`./find-list-worker${extname(import.meta.url)}`, import.meta.url);
  const started = new Worker(file);
  started.on('message', ({ id, found }: Answer) => {
    take(id)?.resolve(found);
    // It keeps the process alive only while somebody waits for it.
    if (waiting.size === 0) started.unref();
  });
  const fail = (error: unknown) => {
    if (worker === started) worker = undefined;
    for (const id of [...waiting.keys()]) take(id)?.reject(error);
  };
  started.on('error', fail);
  started.on('exit', (code) => fail(new Error(`the thread that looks through pages ended with ${code}`)));
  return started;
}

function take(id: number): Asked | undefined {
  const asked = waiting.get(id);
  waiting.delete(id);
  return asked;
}
