import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ByHand, startByHand } from './by-hand.ts';
import { type Ours, openOurs, TOKEN } from './ours.ts';

const DAY = '2026-01-31';
const FLIGHTS = [{ id: 1, note: 'a' }];
/** As it stands in the source. */
const PASSWORD = 'not-a-real-password';

let byHand: ByHand;
beforeAll(async () => {
  byHand = await startByHand();
});
afterAll(() => byHand?.[Symbol.asyncDispose]());
beforeEach(() => byHand.clean());

/** Everything that is in the bucket, receipts included, and every statement that Snowflake was given. */
async function written({ context }: Ours): Promise<string> {
  const root = byHand.snowflake.gcsRoot;
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  expect(texts.join()).toContain(context.jobHash);
  return texts.join() + JSON.stringify(await byHand.snowflake.log());
}

describe('a run that succeeds', () => {
  test('by hand, its log and its XCom show the password', async () => {
    const lines = (await byHand.load('append', DAY, FLIGHTS)).output.trim().split('\n');
    expect(lines[0]).toContain(PASSWORD);
    expect(lines.find((line) => line.startsWith('{'))).toContain(PASSWORD);
  });

  test('with pipegen, nothing that it writes has the token', async () => {
    using ours = await openOurs(byHand);
    const { status, output } = await ours.runLoad(await ours.upload(FLIGHTS));
    expect(status, output).toBe(0);
    expect(output).toContain('loaded 1 rows');
    const used = JSON.stringify(await byHand.snowflake.logins());
    expect(used).toContain(TOKEN);
    expect(output + JSON.stringify(ours.job) + (await written(ours))).not.toContain(TOKEN);
  });
});

describe('the log of a run', () => {
  test('with pipegen, every line is an event that says of which run it is', async () => {
    using ours = await openOurs(byHand);
    const { output } = await ours.runLoad(await ours.upload(FLIGHTS));
    const events = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const event of events) {
      expect(event).toMatchObject({
        level: 'info',
        pipeline: 'flights',
        step: 'load',
        run: ours.context.identity.run,
      });
      expect(Date.parse(event.time)).not.toBeNaN();
    }
    expect(events.map(({ event }) => event)).toContain('partition_done');
  });
});

describe('a login that is refused', () => {
  test('by hand, the exception shows the password', async () => {
    await byHand.snowflake.faults([{ match: 'LOGIN', action: 'error', code: '390100', count: 'all' }]);
    const { status, output } = await byHand.load('append', DAY, FLIGHTS);
    expect(status).toBe(1);
    expect(output).toMatch(new RegExp(`RuntimeError: .*${PASSWORD}`));
  });

  test('with pipegen, not even an answer that repeats the token brings it into the log', async () => {
    using ours = await openOurs(byHand);
    const work = await ours.upload(FLIGHTS);
    const message = `the token ${TOKEN} is not valid`;
    await byHand.snowflake.faults([
      { match: 'LOGIN', action: 'error', code: '390303', message, count: 'all' },
    ]);
    const { status, output } = await ours.runLoad(work);
    expect(status, output).toBe(78);
    expect(output).toContain('is not valid');
    expect(output + (await written(ours))).not.toContain(TOKEN);
  });
});
