import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRig } from '../rig.ts';
import { type KillRig, lasting, moments, objects, openKillRig, PAGES, SEED, TOTAL } from './kill-rig.ts';

let rig: KillRig;
let extracted: string;
/** Milliseconds of a run that nobody killed, and what it left. */
let length: number;
let clean: Map<string, string>;
let details: unknown;

const detailsIn = async (home: string) => (await openRig(rig.job, { root: home }).receipt('upload'))?.details;

beforeAll(async () => {
  rig = await openKillRig();
  extracted = rig.newHome();
  await rig.run('extract', extracted);
  const home = rig.newHome(extracted);
  length = await rig.run('upload', home);
  clean = await lasting(home);
  details = await detailsIn(home);
  expect(details).toMatchObject({ files: [{ rows: TOTAL }], quarantine: null });
  expect(clean.size).toBe(PAGES + 1);
});

afterAll(() => rig[Symbol.asyncDispose]());

describe(`SIGKILL of upload, seed ${SEED}`, () => {
  test.each(moments('upload'))('%s%% into it', async (percent) => {
    const { home } = await rig.killed('upload', extracted, (length * percent) / 100);
    // Whatever has a name is whole.
    await objects(home);
    await rig.run('upload', home);
    expect(await lasting(home)).toEqual(clean);
    expect(await detailsIn(home)).toEqual(details);
    expect(rig.api.requests).toBe(PAGES);
  });
});
