import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ExtractDetails } from '../../../src/runtime/receipt.ts';
import { landedPages } from '../../../src/runtime/steps/landed-pages.ts';
import { PreparedGroups } from '../../../src/runtime/steps/upload/prepared-groups.ts';
import type { RowMaker } from '../../../src/runtime/steps/upload/row-maker.ts';
import { land, openRig, writeJob } from './rig.ts';

/** So many pages in groups of one each, handed to a transform. */
async function preparing(count: number, transform: RowMaker) {
  const rig = openRig(writeJob());
  // Two of them are more than a group may have.
  const large = () => JSON.stringify({ data: [{ id: randomBytes(3 * 2 ** 20).toString('base64') }] });
  const work = await land(rig.context, { a: Array.from({ length: count }, large) });
  const pages = await landedPages(rig.context.store, work.previous?.details as ExtractDetails, undefined, []);
  const folder = mkdtempSync(join(rig.context.scratch, 'upload-'));
  return { rig, folder, groups: new PreparedGroups(rig.context, { pages, transform, folder }) };
}

const NOTHING = { files: [], listed: [], unlisted: 0, longest: 0, filtered: 0, expanded: 0 };

test('one group is prepared ahead of those that are taken', async () => {
  const prepared: string[] = [];
  const third = Promise.withResolvers<void>();
  const { rig, folder, groups } = await preparing(4, async (_, into) => {
    prepared.push(into);
    if (prepared.length === 3) third.resolve();
    return NOTHING;
  });
  using _ = rig;
  expect(groups.all).toHaveLength(4);
  await groups.take(0);
  await groups.take(1);
  await third.promise;
  await groups[Symbol.asyncDispose]();
  expect(prepared).toEqual([0, 1, 2].map((group) => join(folder, `pages-${group}`)));
  await groups.remove(1);
  expect(existsSync(join(folder, 'pages-1'))).toBe(false);
});

test('a group that nobody takes any more is given up, and its failure is nobody’s', async () => {
  let ended: unknown;
  const begun = Promise.withResolvers<void>();
  const { rig, groups } = await preparing(1, async (_, __, signal) => {
    begun.resolve();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    ended = signal.reason;
    throw ended;
  });
  using _ = rig;
  await begun.promise;
  await groups[Symbol.asyncDispose]();
  expect(ended).toMatchObject({ name: 'AbortError' });
});
