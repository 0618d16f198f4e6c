import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from '../api-server.ts';
import { cell, tableBelow } from '../table.ts';
import { DATA } from './data.ts';
import { LISTS } from './lists.ts';
import type { Told } from './oddity.ts';
import { SIZES } from './sizes.ts';
import { WAYS } from './ways.ts';

const ROWS = tableBelow('Odd lists, answers and values');
const ODDITIES = { ...LISTS, ...WAYS, ...SIZES, ...DATA };

let api: Served;
beforeAll(async () => {
  api = await serve();
});
afterAll(() => api.close());

describe('docs/extraction.md, "Odd lists, answers and values"', () => {
  test('has a row for each case, and no other', () => {
    expect(ROWS.map((row) => cell(row, 'case')).sort()).toEqual(Object.keys(ODDITIES).sort());
  });

  test.each(ROWS.map((row) => ({ name: cell(row, 'case'), row })))('$name', async ({ name, row }) => {
    const upload = cell(row, 'upload');
    const told: Told = {
      extract: Number(cell(row, 'extract')),
      requests: Number(cell(row, 'requests')),
      upload: upload === '–' ? null : Number(upload),
    };
    expect(await ODDITIES[name]?.(api)).toEqual(told);
  });
});
