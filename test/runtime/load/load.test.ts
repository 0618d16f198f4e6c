import fc from 'fast-check';
import { expect, test } from 'vitest';
import { load } from '../../../src/runtime/steps/load.ts';
import { openRig, PARTITION, query, runOne } from '../upload/rig.ts';
import { flightsJob, loaded, loadRecords, tableRows, uploaded, warehousePath } from './rig.ts';

const numbers = (from: number, to: number, note = 'n') =>
  Array.from({ length: to - from }, (_, index) => ({ id: from + index, note }));

test('a partition is loaded with what tells where each row is from, and recorded', async () => {
  using rig = openRig(flightsJob());
  const outcome = await runOne(load, rig.context, await uploaded(rig.context, numbers(0, 3)));
  expect(outcome).toMatchObject({
    status: 'done',
    message: 'loaded 3 rows of 2026-01-31 into raw.flights',
    rows: { received: 3, published: 3, loaded: 3 },
    details: { table: 'raw.flights', changed: true },
  });
  const { load_id } = outcome.details as { load_id: string };
  const rows = await query(warehousePath(rig.home), 'SELECT * FROM raw.flights');
  expect(rows[0]).toMatchObject({
    id: '0',
    day: null,
    _pipegen_partition: PARTITION,
    _pipegen_load_id: load_id,
    _pipegen_run_id: 'manual__1',
    _pipegen_extracted_at: '2026-02-01 06:00:00',
    _pipegen_source_file: expect.stringMatching(/^landing\/flights\/2026-01-31\//),
    _pipegen_row_hash: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(await loadRecords(rig.home)).toMatchObject([
    {
      load_id,
      pipeline: 'flights',
      table_name: 'flights',
      partition: PARTITION,
      rows: '3',
      run_id: 'manual__1',
    },
  ]);
});

test('the same files are loaded once; --force loads them again', async () => {
  using rig = openRig(flightsJob());
  const work = await uploaded(rig.context, numbers(0, 3));
  const first = await loaded(rig.context, work);
  const second = await loaded(rig.context, work);
  expect(second).toMatchObject({ changed: false, load_id: first.load_id });
  expect(await loadRecords(rig.home)).toHaveLength(1);
  expect(await loaded({ ...rig.context, force: true }, work)).toMatchObject({ changed: true });
  expect(await tableRows(rig.home)).toHaveLength(3);
  expect(await loadRecords(rig.home)).toHaveLength(2);
});

test('a newer extraction replaces its partition and no other', async () => {
  using rig = openRig(flightsJob());
  await loaded(rig.context, await uploaded(rig.context, numbers(0, 3), { partition: '2026-01-30' }));
  await loaded(rig.context, await uploaded(rig.context, numbers(0, 3, 'old')));
  await loaded(rig.context, await uploaded(rig.context, numbers(2, 4, 'new'), { hour: 7 }));
  expect((await tableRows(rig.home)).map(({ partition, id, note }) => `${partition} ${id} ${note}`)).toEqual([
    ...['2026-01-30 0 n', '2026-01-30 1 n', '2026-01-30 2 n'],
    ...['2026-01-31 2 new', '2026-01-31 3 new'],
  ]);
});

test('an older extraction is refused and changes nothing, unless forced', async () => {
  using rig = openRig(flightsJob());
  const old = await uploaded(rig.context, numbers(0, 2, 'old'), { hour: 6 });
  await loaded(rig.context, await uploaded(rig.context, numbers(0, 3, 'new'), { hour: 7 }));
  await expect(loaded(rig.context, old)).rejects.toMatchObject({
    exit: 78,
    message: expect.stringMatching(/newer extraction of 2026-01-31.*2026-02-01T07:00:00\.000Z.*--force/),
  });
  expect((await tableRows(rig.home)).map((row) => row.note)).toEqual(['new', 'new', 'new']);
  await loaded({ ...rig.context, force: true }, old);
  expect((await tableRows(rig.home)).map((row) => row.note)).toEqual(['old', 'old']);
});

test('a partition whose rows others removed is loaded again', async () => {
  using rig = openRig(flightsJob());
  const work = await uploaded(rig.context, numbers(0, 3));
  await loaded(rig.context, work);
  await query(warehousePath(rig.home), 'DELETE FROM raw.flights WHERE id = 1');
  expect(await loaded(rig.context, work)).toMatchObject({ changed: true });
  expect(await tableRows(rig.home)).toHaveLength(3);
});

test('an empty partition replaces a full one where on_empty says so', async () => {
  using rig = openRig(flightsJob());
  await loaded(rig.context, await uploaded(rig.context, numbers(0, 3)));
  await loaded(rig.context, await uploaded(rig.context, [], { hour: 7 }));
  expect(await tableRows(rig.home)).toEqual([]);
});

test('hostile values are data', async () => {
  using rig = openRig(flightsJob());
  const notes = [
    "'; DROP TABLE raw.flights; --",
    '"; ROLLBACK; --',
    'a\0b',
    '$1 ? :name {{ x }} ${y}',
    'é😀\u202e\n\r\t\\',
    '',
    'x'.repeat(2_000_000),
  ];
  await loaded(
    rig.context,
    await uploaded(
      rig.context,
      notes.map((note, id) => ({ id, note })),
    ),
  );
  expect((await tableRows(rig.home)).map((row) => row.note)).toEqual(notes);
});

test('an extraction that is as empty as the one before keeps out what is older than it', async () => {
  using rig = openRig(flightsJob());
  await loaded(rig.context, await uploaded(rig.context, [], { hour: 6 }));
  const late = await uploaded(rig.context, [{ id: 1 }], { hour: 7 });
  expect(await loaded(rig.context, await uploaded(rig.context, [], { hour: 8 }))).toMatchObject({
    changed: true,
  });
  await expect(loaded(rig.context, late)).rejects.toMatchObject({ exit: 78 });
  expect(await tableRows(rig.home)).toEqual([]);
});

test('hostile names of a run and of folders are data', async () => {
  using rig = openRig(
    flightsJob({ warehouse: { kind: 'duckdb', path: "a [x]* 'b/w;é.duckdb", schema: 'raw' } }),
  );
  const runId = "manual__'; DROP SCHEMA raw; --";
  const context = { ...rig.context, identity: { ...rig.context.identity, runId } };
  await loaded(context, await uploaded(context, numbers(0, 2)));
  const rows = await query(
    `${rig.home}/a [x]* 'b/w;é.duckdb`,
    'SELECT _pipegen_run_id AS run FROM raw.flights',
  );
  expect(rows).toEqual([{ run: runId }, { run: runId }]);
});

test('a file may be called like its schema', async () => {
  using rig = openRig(flightsJob({ warehouse: { kind: 'duckdb', path: 'raw.duckdb', schema: 'raw' } }));
  await loaded(rig.context, await uploaded(rig.context, numbers(0, 2)));
  expect(await query(`${rig.home}/raw.duckdb`, 'SELECT id FROM raw.raw.flights')).toHaveLength(2);
});

test('a published file that was changed is not loaded', async () => {
  using rig = openRig(flightsJob());
  const one = await uploaded(rig.context, numbers(0, 3));
  const other = await uploaded(rig.context, numbers(5, 9));
  const details = (work: typeof one) => work.previous?.details as { files: { sha256: string }[] };
  const [file] = details(one).files;
  if (file !== undefined) file.sha256 = details(other).files[0]?.sha256 ?? '';
  await expect(loaded(rig.context, one)).rejects.toMatchObject({ exit: 70 });
});

test('any order of partitions, with repeats and newer extractions, ends in the same rows', async () => {
  const partitions = ['2026-01-29', '2026-01-30', '2026-01-31'];
  using rig = openRig(flightsJob());
  const works = await Promise.all(
    partitions.map(async (partition, index) => [
      await uploaded(rig.context, numbers(0, index + 1, 'old'), { partition, hour: 6 }),
      await uploaded(rig.context, numbers(0, index + 2, 'new'), { partition, hour: 7 }),
    ]),
  );
  const expected = partitions.flatMap((partition, index) =>
    numbers(0, index + 2, 'new').map(({ id, note }) => ({ partition, id: String(id), note })),
  );
  const moves = fc.array(fc.record({ partition: fc.nat({ max: 2 }), attempt: fc.nat({ max: 1 }) }), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(moves, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), async (before, last) => {
      using fresh = openRig(flightsJob());
      const context = { ...fresh.context, store: rig.context.store };
      const steps = [...before, ...last.map((partition) => ({ partition, attempt: 1 }))];
      for (const { partition, attempt } of steps) {
        const work = works[partition]?.[attempt];
        if (work === undefined) throw new Error('no such attempt');
        // An old attempt after a newer one is refused; nothing else may fail.
        await loaded(context, work).catch((error) => {
          if (attempt !== 0 || error.exit !== 78) throw error;
        });
      }
      expect(await tableRows(fresh.home)).toEqual(expected);
    }),
    { numRuns: 8 },
  );
});
