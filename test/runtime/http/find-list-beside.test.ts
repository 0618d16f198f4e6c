import { expect, test } from 'vitest';
import { findList } from '../../../src/runtime/find-list.ts';
import { findListBeside } from '../../../src/runtime/find-list-beside.ts';

const records = (count: number) => Array.from({ length: count }, (_, id) => ({ id, text: 'é"😀\\' }));
const document = (count: number) => Buffer.from(JSON.stringify({ total: count, data: records(count) }));

test('another thread finds the lists of large pages, several at a time', async () => {
  const bodies = [20_000, 10_000, 30_000, 15_000].map(document);
  const found = await Promise.all(bodies.map((body) => findListBeside(body, 'data')));
  expect(found).toEqual(bodies.map((body) => findList(body, 'data')));
  expect(found.map((one) => one?.count)).toEqual([20_000, 10_000, 30_000, 15_000]);
});

test('it finds none where there is none, and goes on', async () => {
  const body = document(20_000);
  const none = await Promise.all([
    findListBeside(body, 'rows'),
    findListBeside(body.subarray(0, -1), 'data'),
    findListBeside(body, ''),
  ]);
  expect(none).toEqual([undefined, undefined, undefined]);
  expect((await findListBeside(body, 'data'))?.count).toBe(20_000);
});

test('small pages are left to the one who asks', async () => {
  expect(await findListBeside(Buffer.from('{"data":[1]}'), 'data')).toBeUndefined();
});
