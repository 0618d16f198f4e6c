import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoadMode, Warehouse, WarehouseColumn } from '../../../src/runtime/ports/warehouse.ts';
import type { PublishedFile } from '../../../src/runtime/receipt.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { canonical } from './reader.ts';
import { loadOf, PARTITION, publishFile, type Rig, type Row } from './rig.ts';
import { EXTREMES, HOSTILE_NAMES, HOSTILE_TEXTS, TYPED } from './values.ts';

const COLUMNS: readonly WarehouseColumn[] = [
  { name: 'id', type: 'integer' },
  { name: 'note', type: 'string' },
  { name: 'seen', type: 'timestamp' },
];
const REPLACE_PARTITION: LoadMode = { kind: 'replace_partition' };
const MERGE: LoadMode = { kind: 'merge', key: ['id'], newestBy: 'seen' };
const always = () => true;

const row = (id: number | null, note: string, seen: string | null = '2026-01-31 00:00:00.000000'): Row => ({
  id: id === null ? null : String(id),
  note,
  seen,
});
const notes = (rows: readonly Row[]) => rows.map(({ note }) => note).sort();

/**
 * What every warehouse does, run on each of them.
 * @param openRig a warehouse with nothing in it, once for all tests; each uses tables of its own
 */
export function warehouseContract(kind: string, openRig: () => Promise<Rig>): void {
  describe(`the warehouse ${kind}`, () => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await openRig();
    });
    afterAll(() => rig?.[Symbol.asyncDispose]());

    const using = async <T>(work: (warehouse: Warehouse) => Promise<T>): Promise<T> => {
      await using warehouse = await rig.open();
      return await work(warehouse);
    };
    const publish = async (
      warehouse: Warehouse,
      table: string,
      rows: readonly Row[],
      mode = REPLACE_PARTITION,
      changes: Parameters<typeof loadOf>[2] = {},
    ) => {
      const file = await publishFile(rig.store, COLUMNS, rows);
      await warehouse.prepare(table, COLUMNS);
      await warehouse.stage(rig.store, [file], COLUMNS);
      return warehouse.publish(loadOf(table, [file], changes), COLUMNS, mode, always);
    };

    test('makes its tables once, adds columns, widens types, and refuses every other change with its SQL', async () => {
      const table = 'changing';
      const columns: WarehouseColumn[] = [...COLUMNS, { name: 'fare', type: 'decimal(10,2)' }];
      await using(async (warehouse) => {
        await warehouse.prepare(table, columns);
        await warehouse.prepare(table, columns);
        const file = await publishFile(rig.store, columns, [{ ...row(1, 'a'), fare: '12345678.25' }]);
        await warehouse.stage(rig.store, [file], columns);
        await warehouse.publish(loadOf(table, [file]), columns, REPLACE_PARTITION, always);
      });
      const wider: WarehouseColumn[] = [
        ...COLUMNS,
        { name: 'fare', type: 'decimal(14,2)' },
        { name: 'tail', type: 'string' },
      ];
      await using((warehouse) => warehouse.prepare(table, wider));
      expect(await rig.rows(table, wider)).toEqual([{ ...row(1, 'a'), fare: '12345678.25', tail: null }]);

      const narrower: WarehouseColumn[] = [
        { name: 'id', type: 'boolean' },
        { name: 'fare', type: 'decimal(10,2)' },
        { name: 'late', type: 'boolean' },
      ];
      await using(async (warehouse) => {
        await expect(warehouse.prepare(table, narrower)).rejects.toMatchObject({
          exit: EXIT.configuration,
          message: expect.stringMatching(/id is .*fare is .*ALTER TABLE .*ALTER TABLE /i),
        });
        // Nothing of a change that is refused was made, and a column that the spec no longer has is still there.
        await warehouse.prepare(table, [{ name: 'id', type: 'integer' }]);
      });
      expect(await rig.rows(table, wider)).toHaveLength(1);
      await expect(rig.rows(table, narrower)).rejects.toThrow(/late/i);
    });

    test('stages values of every type exactly, and counts the rows of each file in order', async () => {
      const files: PublishedFile[] = [];
      for (const rows of [EXTREMES.slice(0, 3), EXTREMES.slice(3)]) {
        files.push(await publishFile(rig.store, TYPED, rows));
      }
      await using(async (warehouse) => {
        await warehouse.prepare('typed', TYPED);
        expect(await warehouse.stage(rig.store, files, TYPED)).toEqual([3, 1]);
        // The staging table is another each time.
        expect(await warehouse.stage(rig.store, files.toReversed(), TYPED)).toEqual([1, 3]);
        expect(await warehouse.measure('staging', [{ kind: 'rows' }])).toEqual([4]);
        await warehouse.publish(loadOf('typed', files), TYPED, REPLACE_PARTITION, always);
      });
      const wanted = EXTREMES.map((one) =>
        JSON.stringify(
          Object.fromEntries(TYPED.map(({ name, type }) => [name, canonical(type, one[name] ?? null)])),
        ),
      ).sort();
      const found = (await rig.rows('typed', TYPED)).map((one) => JSON.stringify(one));
      expect(found).toEqual(wanted);
    });

    test('stages no files as no rows', async () => {
      await using(async (warehouse) => {
        await publish(warehouse, 'emptied', [row(1, 'old')]);
        expect(await warehouse.stage(rig.store, [], COLUMNS)).toEqual([]);
        await warehouse.publish(loadOf('emptied', []), COLUMNS, REPLACE_PARTITION, always);
      });
      expect(await rig.rows('emptied', COLUMNS)).toEqual([]);
    });

    test('replaces a partition and no other, and records each load', async () => {
      const other = { partition: '2026-01-30' };
      await using(async (warehouse) => {
        await publish(warehouse, 'parted', [row(1, 'other')], REPLACE_PARTITION, other);
        await publish(warehouse, 'parted', [row(1, 'old'), row(2, 'old')]);
        await publish(warehouse, 'parted', [row(1, 'new')], REPLACE_PARTITION, {
          loadId: 'the newest',
          extractedAt: '2026-02-01T07:08:09.123Z',
        });
        expect(await warehouse.loads('parted', PARTITION)).toMatchObject([
          {
            rows: 2,
            partition: PARTITION,
            table: 'parted',
            pipeline: 'flights',
            runId: 'manual__1',
            job: 'job',
          },
          { rows: 1, loadId: 'the newest', extractedAt: '2026-02-01T07:08:09.123Z' },
        ]);
        expect(await warehouse.loads('parted')).toHaveLength(3);
        expect(await warehouse.loads('another')).toEqual([]);
        const partition = { table: 'parted', partition: PARTITION };
        expect(await warehouse.measure(partition, [{ kind: 'rows' }])).toEqual([1]);
        expect(await warehouse.measure({ table: 'parted' }, [{ kind: 'rows' }])).toEqual([2]);
      });
      expect(notes(await rig.rows('parted', COLUMNS))).toEqual(['new', 'other']);
    });

    test('replaces the whole table', async () => {
      await using(async (warehouse) => {
        await publish(warehouse, 'whole', [row(1, 'other')], REPLACE_PARTITION, { partition: '2026-01-30' });
        await publish(warehouse, 'whole', [row(2, 'new')], { kind: 'replace' });
      });
      expect(notes(await rig.rows('whole', COLUMNS))).toEqual(['new']);
    });

    test('merges by key: newer rows come in, older ones do not, and those without a key are of their partition', async () => {
      const [early, middle, late] = ['05', '06', '07'].map((hour) => `2026-01-31 ${hour}:00:00.000000`);
      await using(async (warehouse) => {
        await publish(warehouse, 'merged', [row(9, 'other'), row(null, 'other')], MERGE, {
          partition: '2026-01-30',
        });
        await publish(
          warehouse,
          'merged',
          [
            row(1, 'kept', late),
            row(2, 'replaced', early),
            row(3, 'equal', middle),
            row(4, 'null is oldest', null),
            row(null, 'replaced', early),
          ],
          MERGE,
        );
        await publish(
          warehouse,
          'merged',
          [
            row(1, 'too old', early),
            row(2, 'newer', middle),
            row(3, 'equal and later', middle),
            row(4, 'not null', early),
            row(5, 'added', early),
            row(null, 'no key', early),
          ],
          MERGE,
          { extractedAt: '2026-02-01T07:00:00.000Z' },
        );
      });
      expect(notes(await rig.rows('merged', COLUMNS))).toEqual([
        ...['added', 'equal and later', 'kept', 'newer', 'no key', 'not null', 'other', 'other'],
      ]);
    });

    test('shows what is committed before it goes on, and leaves all as it was where that says no', async () => {
      const seen: number[] = [];
      await using(async (warehouse) => {
        await publish(warehouse, 'held', [row(1, 'old')]);
        const file = await publishFile(rig.store, COLUMNS, [row(1, 'new')]);
        await warehouse.stage(rig.store, [file], COLUMNS);
        for (const mode of [REPLACE_PARTITION, MERGE, { kind: 'replace' } as const]) {
          const done = await warehouse.publish(loadOf('held', [file]), COLUMNS, mode, (committed) => {
            seen.push(committed.length);
            return false;
          });
          expect(done).toBe(false);
        }
        await expect(
          warehouse.publish(loadOf('held', [file]), COLUMNS, REPLACE_PARTITION, () => {
            throw new Error('said by the caller');
          }),
        ).rejects.toThrow('said by the caller');
        expect(await warehouse.loads('held')).toHaveLength(1);
      });
      expect(seen).toEqual([1, 1, 1]);
      expect(notes(await rig.rows('held', COLUMNS))).toEqual(['old']);
    });

    test('keeps nothing of a load whose rows are not those of its receipt', async () => {
      await using(async (warehouse) => {
        await publish(warehouse, 'counted', [row(1, 'old')]);
        await expect(
          publish(warehouse, 'counted', [row(1, 'new')], undefined, { rows: 2 }),
        ).rejects.toMatchObject({
          exit: EXIT.defect,
        });
      });
      expect(notes(await rig.rows('counted', COLUMNS))).toEqual(['old']);
    });

    test('keeps the checks of a run once, those of its last try', async () => {
      const run = {
        ...{ pipeline: 'flights', table: 'checked', partition: PARTITION, runId: `it's "quoted"; \\` },
        when: 'gate',
      } as const;
      const result = (name: string, measured: number) => ({
        ...{ name, kind: 'row_count', passed: true, measured, expected: `at most 5%; it's` },
        ...({ when: 'gate', severity: 'error' } as const),
      });
      await using(async (warehouse) => {
        await warehouse.prepare('checked', COLUMNS);
        await warehouse.recordChecks(run, [result('first', 0.1), result('second', 2)]);
        await warehouse.recordChecks(run, [result('first', 0.25)]);
        await warehouse.recordChecks({ ...run, runId: 'another' }, [result('first', 1)]);
      });
      const columns = ['run_id', 'check_name', 'expected'].map((name) => ({ name, type: 'string' }));
      const found = await rig.rows('_pipegen_checks', [...columns, { name: 'measured', type: 'double' }]);
      expect(found.filter((one) => one.run_id === run.runId)).toEqual([
        { run_id: run.runId, check_name: 'first', expected: `at most 5%; it's`, measured: '0.25' },
      ]);
      expect(found).toHaveLength(2);
    });

    test('measures in one go, in order', async () => {
      await using(async (warehouse) => {
        await publish(warehouse, 'measured', [row(1, 'a'), row(1, 'a'), row(1, 'b'), row(null, 'b', null)]);
        const measured = await warehouse.measure({ table: 'measured', partition: PARTITION }, [
          { kind: 'nulls', column: 'seen' },
          { kind: 'duplicates', columns: ['id'] },
          { kind: 'duplicates', columns: ['id', 'note'] },
          { kind: 'newest', column: 'seen' },
          { kind: 'rows' },
        ]);
        expect(measured).toEqual([1, 2, 1, '2026-01-31 00:00:00.000000', 4]);
      });
    });

    test('takes hostile values for data', async () => {
      const long = { ...row(99, 'x'.repeat(16 * 1024 * 1024 - 1)), seen: null };
      const rows = [...HOSTILE_TEXTS.map((text, index) => row(index, text)), long];
      await using(async (warehouse) => {
        const [hostile = ''] = HOSTILE_TEXTS;
        await publish(warehouse, 'hostile', rows, REPLACE_PARTITION, {
          ...{
            runId: hostile,
            job: hostile,
            pipeline: hostile,
            loadId: HOSTILE_TEXTS.join(' ').replace('\0', ''),
          },
        });
        expect(await warehouse.loads('hostile')).toMatchObject([{ runId: hostile, pipeline: hostile }]);
      });
      const found = await rig.rows('hostile', COLUMNS);
      expect(notes(found)).toEqual(notes(rows));
    });

    test('takes hostile and reserved names of columns and tables for names', async () => {
      const columns = HOSTILE_NAMES.map((name) => ({ name, type: 'string' }));
      const value = Object.fromEntries(HOSTILE_NAMES.map((name) => [name, `of ${name}`]));
      const table = 'table"; drop table x; --';
      await using(async (warehouse) => {
        await warehouse.prepare(table, columns);
        const file = await publishFile(rig.store, columns, [value]);
        expect(await warehouse.stage(rig.store, [file], columns)).toEqual([1]);
        await warehouse.publish(loadOf(table, [file]), columns, REPLACE_PARTITION, always);
        expect(await warehouse.measure({ table }, [{ kind: 'nulls', column: 'quote"d' }])).toEqual([0]);
      });
      expect(await rig.rows(table, columns)).toEqual([value]);
    });
  });
}
