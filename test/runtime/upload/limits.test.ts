import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exceeds } from '../../../src/runtime/steps/check/share.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { type Columns, land, landRecords, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

const COLUMNS: Columns = [
  { name: 'id', from: ['id'], type: 'integer' },
  { name: 'part', from: ['part'] },
  { name: 'note', from: ['note'] },
];

function records(good: number, bad: number) {
  return Array.from({ length: good + bad }, (_, index) => ({ id: index < good ? index : `bad ${index}` }));
}

test.each([
  ['quarantine', '1%', 99, 1, 0],
  ['quarantine', '0.7%', 993, 7, 0],
  ['quarantine', '1%', 98, 2, 65],
  ['quarantine', '0%', 99, 1, 65],
  ['fail', '100%', 99, 1, 65],
  ['fail', '0%', 100, 0, 0],
] as const)(
  'bad_rows %s with at most %s: %i good and %i bad rows end with %i',
  async (bad_rows, max_bad_rows, good, bad, exit) => {
    using rig = openRig(writeJob({ columns: COLUMNS, contract: { bad_rows, max_bad_rows } }));
    const run = runOne(upload, rig.context, await landRecords(rig.context, records(good, bad)));
    if (exit === 0) {
      expect((await run).rows).toMatchObject({ received: good + bad, published: good, quarantined: bad });
      return;
    }
    const error = (await run.catch((one: unknown) => one)) as Error & { exit: number };
    expect(error.exit).toBe(exit);
    expect(error.message).toContain(`${bad} of ${good + bad} rows break the contract`);
    expect(error.message).toContain(`id wrong_type ("bad ${good}") in landing/flights/`);
    const [file] = error.message.match(/quarantine\/flights\/2026-01-31\/part-[0-9a-f]{64}\.parquet/) ?? [];
    expect(existsSync(join(rig.home, 'lake', file ?? 'none'))).toBe(true);
    expect(await rowsOf(rig.context, { name: file ?? '' })).toHaveLength(bad);
  },
);

test.each([
  ['first', ['a1', 'b1', 'keyless', 'keyless']],
  ['last', ['b1', 'keyless', 'a3', 'keyless']],
] as const)(
  'of rows with the same key the %s stays, by order of slices, pages and positions',
  async (keep, notes) => {
    using rig = openRig(
      writeJob({ columns: COLUMNS, key: { columns: ['id', 'part'], keep, max_duplicates: '50%' } }),
    );
    const a = (note: string) => ({ id: 1, part: 'a', note });
    const keyless = { id: 1, part: null, note: 'keyless' };
    const page = (...data: unknown[]) => JSON.stringify({ data });
    const slices = {
      Z: [page(a('a1'), { id: 2, part: 'a', note: 'b1' }, keyless), page(a('a2'))],
      A: [page(a('a3'), keyless)],
    };
    const outcome = await runOne(upload, rig.context, await land(rig.context, slices));
    const { files, keyless: kept } = uploaded(outcome);
    const rows = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
    expect(rows.map((row) => row.note)).toEqual(notes);
    expect(outcome.rows).toMatchObject({ received: 6, published: 4, duplicates: 2 });
    expect(kept).toBe(2);
  },
);

test('more duplicates than allowed fail, and nothing is published', async () => {
  using rig = openRig(writeJob({ columns: COLUMNS, key: { columns: ['id'], max_duplicates: '25%' } }));
  const work = await landRecords(rig.context, [{ id: 1 }, { id: 1 }, { id: 1 }, { id: 2 }]);
  await expect(runOne(upload, rig.context, work)).rejects.toMatchObject({
    exit: 65,
    message: expect.stringContaining('2 of 4 rows repeat the key (id) of another and 25% are allowed'),
  });
  expect(existsSync(join(rig.home, 'lake/published'))).toBe(false);
});

test.each([
  ['fail', 65],
  ['skip', 'skipped'],
  ['replace', 'done'],
] as const)('an empty partition with on_empty: %s ends as %s', async (on_empty, expected) => {
  using rig = openRig(writeJob({ columns: COLUMNS, load: { table: 'flights', on_empty } }));
  for (const slices of [{}, { AA: ['{"data":[]}'] }, { AA: ['{"data":[{"id":"x"}]}'] }]) {
    const run = runOne(
      upload,
      rig.context,
      await land(rig.context, slices, {
        folder: String(Object.keys(slices)) + JSON.stringify(slices).length,
      }),
    );
    const ended = await run.then(
      (outcome) => outcome.status,
      (error) => error.exit,
    );
    expect(ended).toBe(expected);
  }
});

test('a pipeline without load publishes, and may publish nothing', async () => {
  using rig = openRig(writeJob({ columns: COLUMNS, load: undefined, steps: ['extract', 'upload'] }));
  const empty = await runOne(upload, rig.context, await land(rig.context, {}));
  expect(empty).toMatchObject({ status: 'done', details: { files: [] } });
});

test('shares are compared exactly', () => {
  expect(exceeds(7, 1000, '0.7%')).toBe(false);
  expect(exceeds(8, 1000, '0.7%')).toBe(true);
  expect(exceeds(1, 100_000_000, '0.000001%')).toBe(false);
  expect(exceeds(0, 0, '0%')).toBe(false);
  expect(exceeds(5, 5, '100%')).toBe(false);
});
