import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGraph } from '../../../src/handlers/module-graph.ts';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { type Columns, landRecords, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

const HANDLER = `
export function* rows(record: { id: number; legs: string[] }, { partition }: { partition: { date: string } }) {
  if (record.id === 3) throw new Error('three is not liked');
  for (const leg of record.legs) yield { id: record.id, leg, day: partition.date };
}
`;
const COLUMNS: Columns = [
  { name: 'id', from: ['id'], type: 'integer' },
  { name: 'leg', from: ['leg'], max_length: 3 },
  { name: 'day', from: ['day'], type: 'date' },
];

test('rows of a transform go through the rules, and received and expanded add up', async () => {
  using probe = openRig(writeJob());
  mkdirSync(join(probe.home, 'handlers'));
  writeFileSync(join(probe.home, 'handlers/legs.ts'), HANDLER);
  const { files: handlers } = readGraph('handlers/legs.ts', (path) =>
    readFileSync(join(probe.home, path), 'utf8'),
  );
  const job = writeJob({
    columns: COLUMNS,
    transform: 'handlers/legs.ts#rows',
    handlers,
    key: { columns: ['id', 'leg'], max_duplicates: '100%' },
  });
  using rig = openRig(job, {}, probe.home);
  const records = [
    { id: 1, legs: ['a', 'b', 'b', 'long'] },
    { id: 2, legs: [] },
    { id: 3, legs: ['c'] },
    { id: 4, legs: ['d'] },
  ];
  const outcome = await runOne(upload, rig.context, await landRecords(rig.context, records));
  const { files, quarantine } = uploaded(outcome);
  const rows = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
  expect(rows.map(({ id, leg, day }) => [id, leg, day])).toEqual([
    ['1', 'a', '2026-01-31'],
    ['1', 'b', '2026-01-31'],
    ['4', 'd', '2026-01-31'],
  ]);
  const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
  expect(aside.map(({ reason, column, position }) => [reason, column, position])).toEqual([
    ['too_long', 'leg', '1'],
    ['handler_error', null, '3'],
  ]);
  expect(aside[1]).toMatchObject({
    value: expect.stringContaining('three is not liked'),
    record: '{"id":3,"legs":["c"]}',
  });
  expect(outcome.rows).toEqual({
    received: 4,
    expanded: 3,
    published: 3,
    quarantined: 2,
    duplicates: 1,
    filtered: 1,
  });
});
