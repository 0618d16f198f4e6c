import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { openRig } from '../rig.ts';
import { type KillRig, lasting, moments, objects, openKillRig, PAGES, SEED } from './kill-rig.ts';

let rig: KillRig;
let empty: string;
/** Milliseconds of a run that nobody killed, and what it left. */
let length: number;
let clean: Map<string, string>;

/** By a process of its own it would be no other; what is killed here is extract. */
async function uploadHere(home: string): Promise<void> {
  using here = openRig(rig.job, { root: home });
  expect((await here.upload()).message).toBe('');
}

beforeAll(async () => {
  rig = await openKillRig();
  empty = rig.newHome();
  const home = rig.newHome();
  length = await rig.run('extract', home);
  expect(rig.api.requests).toBe(PAGES);
  await uploadHere(home);
  clean = await lasting(home);
  expect(clean.size).toBe(PAGES + 1);
});

afterAll(() => rig[Symbol.asyncDispose]());

describe(`SIGKILL of extract, seed ${SEED}`, () => {
  test.each(moments('extract'))('%s%% into it', async (percent) => {
    const { home, requests } = await rig.killed('extract', empty, (length * percent) / 100);
    // Whatever has a name is whole, and what is not finished is not taken for it.
    await objects(home);
    using here = openRig(rig.job, { root: home });
    const receipt = await here.receipt('extract');
    if (receipt !== undefined && receipt.status !== 'done') {
      expect(receipt.status).toBe('running');
      expect((await here.upload()).exit).toBe(EXIT.configuration);
    }
    const before = rig.api.requests;
    await rig.run('extract', home);
    expect(requests + rig.api.requests - before).toBeLessThanOrEqual(PAGES + 1);
    await uploadHere(home);
    expect(await lasting(home)).toEqual(clean);
  });
});
