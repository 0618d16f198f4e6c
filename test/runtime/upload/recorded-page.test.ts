import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { upload } from '../../../src/runtime/steps/upload.ts';
import { type Columns, land, openRig, rowsOf, runOne, uploaded, writeJob } from './rig.ts';

const PAGE = readFileSync(
  new URL('../../fixtures/aviationstack/flights-2024-09-05-page1.json', import.meta.url),
  'utf8',
);
const SPEC = parse(readFileSync(new URL('../../../pipelines.yaml', import.meta.url), 'utf8'));

test('the page that the API gave goes through with every row accounted for', async () => {
  const { columns, key } = SPEC.pipelines.flights;
  const declared = Object.entries<Record<string, unknown>>(columns).map(
    ([name, { description: _, from, ...rest }]) => ({ name, ...rest, from: [from ?? name].flat() }),
  ) as Columns;
  const load = { table: 'flights', partition_column: 'flight_date' };
  using rig = openRig(writeJob({ columns: declared, key, load }));
  const day = { partition: '2024-09-05' };
  const outcome = await runOne(upload, rig.context, await land(rig.context, { all: [PAGE] }, day));
  const { files, quarantine, reasons, keyless } = uploaded(outcome);

  const source = JSON.parse(PAGE).data as {
    airline: { name: string | null };
    flight: Record<string, unknown>;
  }[];
  const nameless = source.filter(({ airline }) => airline.name === null || airline.name === 'empty').length;
  expect(nameless).toBeGreaterThan(0);
  expect(reasons).toEqual([{ reason: 'missing', column: 'airline_name', rows: nameless }]);
  const aside = quarantine === null ? [] : await rowsOf(rig.context, quarantine);
  expect(aside).toHaveLength(nameless);
  const rows = files[0] === undefined ? [] : await rowsOf(rig.context, files[0]);
  expect(outcome.rows).toMatchObject({ received: 100, quarantined: nameless, published: rows.length });
  expect(100 - nameless - rows.length).toBe(outcome.rows?.duplicates);
  expect(keyless).toBe(rows.filter((row) => row.flight === null).length);
  // The airport's clock, whatever zone the API writes behind it.
  expect(rows[0]?.scheduled_departure_local).toMatch(/^2024-09-05 \d\d:\d\d:00$/);
});
