import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/runtime/context.ts';
import { load } from '../../../src/runtime/steps/load.ts';
import { type JobChanges, openRig, query } from '../upload/rig.ts';
import { flightsJob, loaded, loadRecords, tableRows, uploaded, warehousePath } from './rig.ts';

const COLUMNS: JobChanges['columns'] = [
  { name: 'id', from: ['id'], type: 'integer' },
  { name: 'note', from: ['note'] },
  { name: 'version', from: ['version'], type: 'integer' },
];

const merging = (changes: JobChanges = {}) =>
  flightsJob({
    columns: COLUMNS,
    key: { columns: ['id'] },
    load: { table: 'flights', mode: 'merge', newest_by: 'version', on_empty: 'replace' },
    ...changes,
  });
const replacing = () =>
  flightsJob({ columns: COLUMNS, load: { table: 'flights', mode: 'replace', on_empty: 'replace' } });

const rowsOf = async (home: string) =>
  (await tableRows(home)).map(({ partition, id, note }) => `${partition} ${id} ${note}`);

describe('merge', () => {
  test('what is loaded already stays, also where its rows have gone over to another partition', async () => {
    using rig = openRig(merging());
    const first = await uploaded(rig.context, [{ id: 1, note: 'a', version: 1 }], {
      partition: '2026-01-30',
    });
    await loaded(rig.context, first);
    await loaded(rig.context, await uploaded(rig.context, [{ id: 1, note: 'b', version: 2 }]));
    expect(await loaded(rig.context, first)).toMatchObject({ changed: false });
    expect(await rowsOf(rig.home)).toEqual(['2026-01-31 1 b']);
    expect(await loaded({ ...rig.context, force: true }, first)).toMatchObject({ changed: true });
    // Forced or not, an older row never gets over a newer one.
    expect(await rowsOf(rig.home)).toEqual(['2026-01-31 1 b']);
    expect(await loadRecords(rig.home)).toHaveLength(3);
  });

  test('a forced load brings back what others have removed', async () => {
    using rig = openRig(merging());
    const work = await uploaded(rig.context, [
      { id: 1, note: 'a', version: 1 },
      { id: 2, note: 'a' },
    ]);
    await loaded(rig.context, work);
    await query(warehousePath(rig.home), 'DELETE FROM raw.flights');
    await loaded({ ...rig.context, force: true }, work);
    expect(await rowsOf(rig.home)).toEqual(['2026-01-31 1 a', '2026-01-31 2 a']);
  });

  test('an empty partition takes only its rows without a key out of the table', async () => {
    using rig = openRig(merging());
    const rows = [
      { id: 1, note: 'a', version: 1 },
      { id: null, note: 'no key' },
    ];
    await loaded(rig.context, await uploaded(rig.context, rows, { partition: '2026-01-30' }));
    await loaded(rig.context, await uploaded(rig.context, rows));
    await loaded(rig.context, await uploaded(rig.context, [], { hour: 7 }));
    expect(await rowsOf(rig.home)).toEqual(['2026-01-30 null no key', '2026-01-31 1 a']);
  });

  test('a newer row leaves nothing of the one it replaces, also in columns that the spec has no longer', async () => {
    using rig = openRig(merging());
    await loaded(rig.context, await uploaded(rig.context, [{ id: 1, note: 'a', version: 1 }]));
    const columns = COLUMNS?.filter(({ name }) => name !== 'note');
    using narrower = openRig(merging({ columns: columns ?? [] }), {}, rig.home);
    await loaded(narrower.context, await uploaded(narrower.context, [{ id: 1, version: 2 }], { hour: 7 }));
    expect(await rowsOf(rig.home)).toEqual(['2026-01-31 1 null']);
  });

  test('a table with two rows of a key is refused and left as it was', async () => {
    using rig = openRig(merging());
    await loaded(rig.context, await uploaded(rig.context, [{ id: 1, note: 'a', version: 5 }]));
    await query(warehousePath(rig.home), 'INSERT INTO raw.flights SELECT * FROM raw.flights');
    const work = await uploaded(rig.context, [{ id: 1, note: 'b', version: 1 }], { hour: 7 });
    await expect(loaded(rig.context, work)).rejects.toMatchObject({
      exit: 78,
      message: expect.stringContaining('several rows of one key (id)'),
    });
    expect(await rowsOf(rig.home)).toEqual(['2026-01-31 1 a', '2026-01-31 1 a']);
  });

  test('a job without what a merge needs is refused', async () => {
    using rig = openRig(merging({ key: undefined }));
    const work = await uploaded(rig.context, [{ id: 1 }]);
    await expect(loaded(rig.context, work)).rejects.toMatchObject({
      exit: 78,
      message: expect.stringContaining('needs key and load.newest_by'),
    });
  });

  test('any order of attempts ends in what the rules say', async () => {
    const row = fc.record({
      id: fc.option(fc.nat({ max: 2 })),
      version: fc.option(fc.nat({ max: 2 })),
    });
    const attempt = fc.record({
      partition: fc.constantFrom('2026-01-30', '2026-01-31'),
      rows: fc.uniqueArray(row, { selector: ({ id }) => id ?? {}, maxLength: 4 }),
    });
    const attempts = fc.array(attempt, { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        attempts.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })),
        ),
        async ([all, order]) => {
          using rig = openRig(merging());
          const model = new MergeModel();
          for (const hour of order) {
            const { partition = '', rows = [] } = all[hour] ?? {};
            const records = rows.map((one, index) => ({ ...one, note: `${hour}.${index}` }));
            const accepted = model.load(partition, hour, records);
            const done = loaded(rig.context, await uploaded(rig.context, records, { partition, hour }));
            if (accepted) await done;
            else await expect(done).rejects.toMatchObject({ exit: 78 });
          }
          expect((await rowsOf(rig.home)).sort()).toEqual(model.rows());
        },
      ),
      { numRuns: 10 },
    );
  });
});

interface ModelRow {
  readonly id: number | null;
  readonly version: number | null;
  readonly note: string;
  readonly partition?: string;
  readonly hour?: number;
}

/** The rules of a merge in plain words. */
class MergeModel {
  #rows: ModelRow[] = [];
  readonly #newest = new Map<string, number>();

  load(partition: string, hour: number, records: readonly ModelRow[]): boolean {
    if ((this.#newest.get(partition) ?? 0) > hour) return false;
    this.#newest.set(partition, hour);
    this.#rows = this.#rows.filter((row) => row.id !== null || row.partition !== partition);
    for (const record of records) {
      const row = { ...record, partition, hour };
      const old = row.id === null ? undefined : this.#rows.find(({ id }) => id === row.id);
      if (old === undefined) this.#rows.push(row);
      else if (rank(row) >= rank(old)) this.#rows[this.#rows.indexOf(old)] = row;
    }
    return true;
  }

  rows(): string[] {
    return this.#rows.map(({ partition, id, note }) => `${partition} ${id} ${note}`).sort();
  }
}

/** Null is the oldest; of equal versions the one that was extracted later. */
function rank({ version, hour = 0 }: ModelRow): number {
  return (version ?? -1) * 100 + hour;
}

describe('replace', () => {
  test('the table holds the newest partition; an older one comes back by force only', async () => {
    using rig = openRig(replacing());
    const old = await uploaded(rig.context, [{ id: 1, note: 'old' }], { partition: '2026-01-30', hour: 9 });
    await loaded(rig.context, await uploaded(rig.context, [{ id: 2, note: 'new' }]));
    await expect(loaded(rig.context, old)).rejects.toMatchObject({
      exit: 78,
      message: expect.stringMatching(/replaced whole and holds 2026-01-31 already.*--force/),
    });
    await loaded({ ...rig.context, force: true }, old);
    expect(await rowsOf(rig.home)).toEqual(['2026-01-30 1 old']);
  });

  test('what is loaded already stays, unless others have changed the table', async () => {
    using rig = openRig(replacing());
    const work = await uploaded(rig.context, [
      { id: 1, note: 'a' },
      { id: 2, note: 'a' },
    ]);
    await loaded(rig.context, work);
    expect(await loaded(rig.context, work)).toMatchObject({ changed: false });
    await query(warehousePath(rig.home), 'DELETE FROM raw.flights WHERE id = 1');
    expect(await loaded(rig.context, work)).toMatchObject({ changed: true });
    expect(await rowsOf(rig.home)).toEqual(['2026-01-31 1 a', '2026-01-31 2 a']);
  });

  test('an empty extraction empties the table where on_empty says so', async () => {
    using rig = openRig(replacing());
    await loaded(rig.context, await uploaded(rig.context, [{ id: 1 }], { partition: '2026-01-30' }));
    await loaded(rig.context, await uploaded(rig.context, []));
    expect(await rowsOf(rig.home)).toEqual([]);
  });

  test('of the partitions of a run the newest is loaded, and the others are skipped', async () => {
    using rig = openRig(replacing());
    const work = [
      await uploaded(rig.context, [{ id: 2, note: 'new' }], { partition: '2026-01-31' }),
      await uploaded(rig.context, [{ id: 1, note: 'old' }], { partition: '2026-01-30' }),
    ];
    for (const _ of ['first', 'again']) {
      const finished: Record<string, Outcome> = {};
      await load(rig.context, work, {
        finish: async (partition, outcome) => {
          finished[partition] = outcome;
        },
        spent: () => undefined,
        keep: () => undefined,
      });
      expect(finished).toMatchObject({
        '2026-01-30': { status: 'skipped', message: expect.stringContaining('this run has 2026-01-31') },
        '2026-01-31': { status: 'done' },
      });
    }
    expect(await rowsOf(rig.home)).toEqual(['2026-01-31 2 new']);
  });
});
