import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { type Emulator, startEmulator } from '../runtime/stores/emulator.ts';
import { type Front, startFront } from '../runtime/stores/front.ts';
import { createProject } from './project.ts';

const DATE = ['--date', '2026-01-31'];
const RUN = ['flights', ...DATE, '--env', 'bucket'];

let standIn: StandIn;
let emulator: Emulator;
let front: Front;

beforeAll(async () => {
  standIn = await startStandIn();
  emulator = await startEmulator();
  await emulator.createBucket('acme-raw');
  front = await startFront(emulator.url);
});

afterAll(async () => {
  await standIn?.close();
  await front?.[Symbol.asyncDispose]();
  await emulator?.[Symbol.asyncDispose]();
});

const bucketProject = (prefix: string, bucket = 'acme-raw') =>
  createProject({
    dbt: false,
    change: (spec) => {
      spec.environments.bucket = {
        extends: 'local',
        store: { kind: 'gcs', root: null, bucket, prefix, endpoint: front.url },
      };
    },
  });

describe('pipegen run on a bucket', () => {
  it('ends with the rows that it ends with on files, and nothing in the folder but the warehouse', async () => {
    await using files = createProject({ dbt: false });
    await files.run(['flights', ...DATE], standIn);
    await using bucket = bucketProject('same');
    const { exit, result, stderr } = await bucket.run(RUN, standIn);
    expect(exit, stderr).toBe(0);
    expect(result.store).toBe('gs://acme-raw/same');
    const rows = await bucket.rows('raw.flights');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(await files.rows('raw.flights'));
    const asked = standIn.requests.length;
    const replay = await bucket.run([...RUN, '--from', 'upload'], standIn);
    expect(replay.exit, replay.stderr).toBe(0);
    expect(standIn.requests.length).toBe(asked);
    expect(await bucket.rows('raw.flights')).toEqual(rows);
  });

  it('ends the same where the bucket stumbles', async () => {
    await using bucket = bucketProject('stumbling');
    front.fail(/uploadType=multipart.*|alt=media/, { kind: 'reset' }, { kind: 'lost-answer' });
    front.fail(/alt=media/, { kind: 'damaged-answer' }, { kind: 'cut-answer', after: 100 });
    front.fail(/uploadType=multipart/, { kind: 'damaged-request' });
    const { exit, stderr } = await bucket.run(RUN, standIn);
    expect(exit, stderr).toBe(0);
    expect(front.calm()).toBe(0);
    await using files = createProject({ dbt: false });
    await files.run(['flights', ...DATE], standIn);
    expect(await bucket.rows('raw.flights')).toEqual(await files.rows('raw.flights'));
  });

  it('says what is wrong with a bucket that is not there', async () => {
    await using project = bucketProject('', 'acme-rwa');
    const { exit, stderr } = await project.pipegen(['run', ...RUN], standIn);
    expect(exit).toBe(1);
    expect(stderr).toContain('error: there is no bucket "acme-rwa", or these credentials may not see it');
  });
});
