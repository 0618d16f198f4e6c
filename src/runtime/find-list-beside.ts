import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FoundList } from './find-list.ts';

/** Bytes; a smaller body is looked through before another thread could be asked. */
const LEAST = 128 * 1024;

/** To the other thread: a body in memory that both see. */
export interface Question {
  readonly id: number;
  readonly memory: SharedArrayBuffer;
  /** Bytes of the body in it. */
  readonly length: number;
  readonly path: string;
}

export interface Answer {
  readonly id: number;
  readonly found: FoundList | undefined;
}

interface Asked {
  readonly memory: SharedArrayBuffer;
  resolve(found: FoundList | undefined): void;
  reject(error: unknown): void;
}

let worker: Worker | undefined;
let questions = 0;
const waiting = new Map<number, Asked>();
/** Used again and again: left to be collected it would take hundreds of MB. */
const free: SharedArrayBuffer[] = [];

/**
 * `findList` in another thread, while this one receives and lands other pages: to look at each byte of a page takes
 * a third of what extract does.
 *
 * @returns undefined also for a small body, which nobody has looked through
 */
export async function findListBeside(body: Buffer, path: string): Promise<FoundList | undefined> {
  if (body.length < LEAST || path === '') return undefined;
  const memory = takeMemory(body.length);
  body.copy(new Uint8Array(memory));
  worker ??= start();
  const { promise, resolve, reject } = Promise.withResolvers<FoundList | undefined>();
  questions += 1;
  waiting.set(questions, { memory, resolve, reject });
  worker.ref();
  worker.postMessage({ id: questions, memory, length: body.length, path } satisfies Question);
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
  if (asked !== undefined) free.push(asked.memory);
  return asked;
}

/** A piece that is too small is given up for a larger one, so there are never more than questions at a time. */
function takeMemory(bytes: number): SharedArrayBuffer {
  const found = free.findIndex(({ byteLength }) => byteLength >= bytes);
  const [memory] = free.splice(Math.max(found, 0), 1);
  return memory !== undefined && memory.byteLength >= bytes
    ? memory
    : new SharedArrayBuffer(bytes + (bytes >> 2));
}
