import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { groupsOf, groupText } from '../../../src/spec/slice-group.ts';
import { serve } from '../api-server.ts';
import { KEY, openRig } from '../rig.ts';
import { startStep } from '../step-process.ts';
import { ALL_IDS, airlineOf, answer, lasting, slicedJob } from './rig.ts';

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'pipegen-groups-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

test('four processes at once, one of which is killed and started again, leave what one leaves', async () => {
  await using server = await serve();
  const plain = server.mount(answer);
  using alone = openRig(slicedJob(plain.url));
  await alone.extract();
  await alone.upload();

  // The second page of NH, which is in the last group, never comes; until its process is gone.
  let hangs: (() => void) | undefined = () => undefined;
  const reached = new Promise<void>((resolve) => {
    hangs = resolve;
  });
  const api = server.mount((asked, response) => {
    const second = airlineOf(asked.url) === 'NH' && asked.url.searchParams.get('offset') === '2';
    if (hangs !== undefined && second) hangs();
    else answer(asked, response);
  });
  const home = newHome();
  const job = slicedJob(api.url, 4);
  const start = (share: string) => startStep('extract', job, home, { API_KEY: KEY }, share);
  const processes = groupsOf(4).map((group) => start(groupText(group)));
  await Promise.race([reached, ...processes.slice(3).map(({ ended }) => ended)]);
  processes[3]?.child.kill('SIGKILL');
  const exits = await Promise.all(processes.map(({ ended }) => ended));
  expect(exits.map(({ exit }) => exit)).toEqual([0, 0, 0, null]);
  const log = exits[0]?.stdout ?? '';
  expect(log.split('\n', 1)[0]).toContain('"group":"1/4"');

  using rig = openRig(job, { root: home });
  expect((await rig.upload()).message).toMatch(
    /^extract \[3\] \(group 4 of 4\) of .* \(its receipt says "running"\)/,
  );
  hangs = undefined;
  const before = api.requests;
  const again = await start('4/4').ended;
  expect(again.exit, again.stdout).toBe(EXIT.done);
  // Its first page was landed.
  const asked = api.asked.slice(before).map(({ url }) => [airlineOf(url), url.searchParams.get('offset')]);
  expect(asked[0]).toEqual(['NH', '2']);
  expect(asked).toHaveLength(5);
  expect((await rig.upload()).message).toBe('');
  expect(await rig.published('id')).toEqual(ALL_IDS.map(String));
  expect(await lasting(rig)).toEqual(await lasting(alone));
});

test.each([
  [
    'extract',
    '1/3',
    'this is one of 3 groups of slices, and slices.pods of the job is 4: build the DAG again',
  ],
  ['extract', '5/4', 'usage: pipegen-runtime STEP'],
  ['extract', '2', 'usage: pipegen-runtime STEP'],
  ['upload', '1/4', 'usage: pipegen-runtime STEP'],
] as const)('%s %s is refused', async (step, share, message) => {
  const job = slicedJob('http://127.0.0.1:9', 4);
  const { exit, stdout, stderr } = await startStep(step, job, newHome(), { API_KEY: KEY }, share).ended;
  expect([exit, stdout + stderr]).toEqual([EXIT.configuration, expect.stringContaining(message)]);
});
