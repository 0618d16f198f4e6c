import { parentPort } from 'node:worker_threads';
import { findList } from './find-list.ts';
import type { Answer, Question } from './find-list-beside.ts';

parentPort?.on('message', ({ id, body, path }: Question) => {
  const found = findList(Buffer.from(body), path);
  parentPort?.postMessage({ id, found } satisfies Answer);
});
