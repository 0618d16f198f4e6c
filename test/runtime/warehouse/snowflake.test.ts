import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import { openSnowflakeWarehouse } from '../../../src/runtime/adapters/snowflake/warehouse.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { snowflakeLiteral } from '../../../src/warehouse-tables/snowflake.ts';
import { openConnection } from './connection.ts';
import { warehouseContract } from './contract.ts';
import { loadOf, openSnowflakeRig, publishFile, type SnowflakeRig } from './rig.ts';
import { EXTREMES, TYPED } from './values.ts';

warehouseContract('snowflake', () => openSnowflakeRig('external'));

describe('stages of Snowflake', () => {
  let rig: SnowflakeRig;
  beforeAll(async () => {
    rig = await openSnowflakeRig('internal');
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  const open = (stage: string) =>
    openSnowflakeWarehouse({ ...rig.options, warehouse: { ...rig.options.warehouse, stage } });

  test('files of a folder are sent to an internal stage, which is gone afterwards', async () => {
    const files = [
      await publishFile(rig.store, TYPED, EXTREMES.slice(0, 3)),
      await publishFile(rig.store, TYPED, EXTREMES.slice(3)),
    ];
    await using warehouse = await rig.open();
    await warehouse.prepare('sent', TYPED);
    expect(await warehouse.stage(rig.store, files, TYPED)).toEqual([3, 1]);
    expect(await warehouse.stage(rig.store, files, TYPED)).toEqual([3, 1]);
    await warehouse.publish(loadOf('sent', files), TYPED, { kind: 'replace_partition' }, () => true);
    expect(await rig.rows('sent', TYPED)).toHaveLength(4);

    const sql = (await rig.snowflake.log()).map((one) => one.sql);
    expect(sql.filter((one) => one.startsWith('PUT '))).toHaveLength(4);
    expect(sql.filter((one) => one.startsWith('DROP STAGE '))).toHaveLength(2);
  });

  test('an object that is not what its receipt says is not sent', async () => {
    const file = await publishFile(rig.store, TYPED, EXTREMES);
    await using warehouse = await rig.open();
    await expect(warehouse.stage(rig.store, [{ ...file, size: file.size + 1 }], TYPED)).rejects.toMatchObject(
      { exit: EXIT.defect, message: expect.stringContaining('receipt') },
    );
  });

  test('a stage that is not there is told with what creates it', async () => {
    const file = await publishFile(rig.store, TYPED, EXTREMES);
    await using warehouse = await open('elsewhere');
    await expect(warehouse.stage(rig.store, [file], TYPED)).rejects.toMatchObject({
      exit: EXIT.configuration,
      message: expect.stringMatching(/no stage RAW\.AVIATION\.ELSEWHERE .*stage: internal/),
    });
  });

  test('a stage over another place than the store is refused, and LIKE finds no other of a similar name', async () => {
    const file = await publishFile(rig.store, TYPED, EXTREMES);
    await using beside = await openConnection(rig.snowflake);
    for (const [name, url] of [
      ['THE_STAGE', 'gcs://lake/team/'],
      ['THEXSTAGE', 'gcs://other/'],
    ]) {
      await beside.query(`CREATE STAGE "RAW"."AVIATION"."${name}" URL = '${url}'`);
    }
    await using warehouse = await open('the_stage');
    const stage = (location: string) =>
      warehouse.stage({ ...createFilesStore('/nowhere'), location }, [file], TYPED);
    for (const location of ['/data/lake', 'gs://lake', 'gs://lake/teams', 'gs://other/team']) {
      await expect(stage(location)).rejects.toMatchObject({
        exit: EXIT.configuration,
        message: expect.stringMatching(/THE_STAGE is over gcs:\/\/lake\/team\/, and the files are in /),
      });
    }
    // Below the stage's URL the names only become longer; that there is no such file is for COPY to say.
    await expect(stage('gs://lake/team/of/ours')).rejects.toMatchObject({
      message: expect.stringContaining(`gcs://lake/team/of/ours/${file.name}`),
    });
  });

  test('whatever a text is, its literal is that text and nothing more', async () => {
    await using beside = await openConnection(rig.snowflake);
    const texts = fc.sample(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('\\', "'", '"', 'n', 'x', 'u', '0', '1', '{', ';', '-', '\n') }),
      ),
      { numRuns: 300, seed: 20_261_122 },
    );
    // NUL before a digit is beyond the emulator, and in no name of a file.
    const wanted = texts.filter((text) => text.isWellFormed() && !text.includes('\0'));
    const columns = wanted.map((text, index) => `${snowflakeLiteral(text)} AS "C${index}"`);
    const [row] = await beside.query(`SELECT ${columns.join(', ')}`);
    expect(wanted.map((_, index) => row?.[`C${index}`])).toEqual(wanted);
  });
});
