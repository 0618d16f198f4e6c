import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cut } from '../../../src/runtime/steps/upload/groups.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { landBytes, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

const PAGES = 17;
const RECORDS = 4;

/** A page that is too large to share a group of pages with another, since noise can't be compressed. */
function page(number: number): string {
  const data = Array.from({ length: RECORDS }, (_, index) => {
    const id = number * RECORDS + index;
    // Each page brings the first record of the page before once more, and one without an id.
    const repeats = index === 0 && number > 0 ? (number - 1) * RECORDS + 1 : id;
    return { id: index === 3 ? null : String(repeats), noise: randomBytes(700_000).toString('base64') };
  });
  return JSON.stringify({ data });
}

test('many groups of pages, read side by side, become files in the order of arrival', async () => {
  const job = writeJob({
    columns: [{ name: 'id', from: ['id'], required: true }],
    key: { columns: ['id'], keep: 'first', max_duplicates: '100%' },
  });
  using rig = openRig(job);
  const pages = Array.from({ length: PAGES }, (_, number) => page(number));
  const work = await landBytes(
    rig.context,
    pages.map((bytes) => ({ bytes, records: RECORDS })),
  );

  const first = await runOne(upload, rig.context, work);
  const { files } = uploaded(first);
  const good = PAGES * 3 - (PAGES - 1);
  expect(first.rows).toMatchObject({ received: PAGES * RECORDS, published: good, quarantined: PAGES });
  expect(first.rows).toMatchObject({ duplicates: PAGES - 1 });
  expect(files).toHaveLength(5);
  expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(good);

  const ids = (await Promise.all(files.map((file) => rowsOf(rig.context, file)))).flat().map((row) => row.id);
  const expected = Array.from({ length: PAGES }, (_, number) =>
    [0, 1, 2].filter((index) => index > 0 || number === 0).map((index) => String(number * RECORDS + index)),
  ).flat();
  expect(ids).toEqual(expected);

  for (const file of files) {
    const path = await rig.context.store.localPath(file.name, rig.context.scratch);
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(file.sha256);
  }
  // The same pages become the same bytes, whichever lane read them.
  expect(uploaded(await runOne(upload, rig.context, work)).files).toEqual(files);
});

test('a file of which no row is left is not written', async () => {
  const job = writeJob({ columns: [{ name: 'id', from: ['id'], required: true }] });
  using rig = openRig(job);
  const bad = JSON.stringify({ data: [{ id: null, noise: randomBytes(2_000_000).toString('base64') }] });
  const pages = Array.from({ length: 9 }, (_, number) => (number === 8 ? '{"data":[{"id":"1"}]}' : bad));
  const work = await landBytes(
    rig.context,
    pages.map((bytes) => ({ bytes, records: 1 })),
  );
  const outcome = await runOne(upload, rig.context, work);
  expect(uploaded(outcome).files.map(({ rows }) => rows)).toEqual([1]);
});

test('a list is cut into pieces', () => {
  expect(cut([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
  expect(cut([], 2)).toEqual([]);
});
