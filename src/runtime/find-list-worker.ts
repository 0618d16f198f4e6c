import { parentPort } from 'node:worker_threads';
import { findList } from './find-list.ts';
import type { Answer, Question } from './find-list-beside.ts';

parentPort?.on('message', ({ id, memory, length, path }: Question) => {
  const found = findList(Buffer.from(memory, 0, length), path);
  parentPort?.postMessage({ id, found } satisfies Answer);
});
