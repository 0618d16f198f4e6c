import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/spec/exit-codes.ts';
import { type Served, serve } from './api-server.ts';
import { FAULTS } from './faults.ts';
import { ALL_IDS, goodPage, PAGES, PAGINATIONS, pageOf, wholeList } from './paged-list.ts';
import { idsIn, jobOf, openRig } from './rig.ts';
import { cell, type Row, tableBelow } from './table.ts';

const ROWS = tableBelow('An answer that is no page');
const PLACES = { 'first page': 1, 'middle page': 2, 'last page': PAGES } as const;
const ONLY = 'only page';

interface Case {
  fault: string;
  once: boolean;
  paginate: string;
  page: number;
  /** `exit / requests / pages / second try`, as the table says. */
  expected: string;
}

function casesOf(row: Row): Case[] {
  const common = { fault: cell(row, 'answer'), once: cell(row, 'how often') === 'once' };
  const only = { ...common, paginate: 'none', page: 1, expected: cell(row, ONLY) };
  const others = Object.entries(PLACES).flatMap(([head, page]) =>
    Object.keys(PAGINATIONS).map((paginate) => ({ ...common, paginate, page, expected: cell(row, head) })),
  );
  return [...others, only];
}

let api: Served;
beforeAll(async () => {
  api = await serve();
});
afterAll(() => api.close());

/** A try with the fault at its place, and one of the same run after the API is well again. */
async function outcomeOf({ fault, once, paginate, page }: Case): Promise<string> {
  let left = once ? 1 : Number.POSITIVE_INFINITY;
  const list = api.mount((asked, response) => {
    const good = paginate === 'none' ? wholeList() : goodPage(asked);
    if (pageOf(asked) === page && left > 0) {
      left -= 1;
      FAULTS[fault]?.(response, good);
    } else response.writeHead(200, good.headers).end(JSON.stringify(good.body));
  });
  using rig = openRig(jobOf(list.url, { paginate: PAGINATIONS[paginate] ?? { kind: 'none' } }));

  const first = await rig.extract();
  const requests = list.requests;
  const names = await rig.names('landing/');
  const pages = names.filter((name) => name.endsWith('.json.gz')).length;
  expect(first.receipt).toMatchObject({
    status: first.exit === EXIT.done ? 'done' : 'failed',
    exit: first.exit,
    requests,
  });

  left = 0;
  const second = await rig.extract();
  expect(second).toMatchObject({ exit: EXIT.done, receipt: { status: 'done', requests: list.requests } });
  const ids = idsIn(await rig.pages());
  if (ids.length > 0) expect(ids).toEqual(ALL_IDS);
  const empty = ids.length === 0 ? ', empty' : '';
  return `${first.exit} / ${requests} / ${pages} / ${list.requests - requests}${empty}`;
}

describe('docs/extraction.md, "An answer that is no page"', () => {
  test('has a row for each fault, and no other', () => {
    expect(ROWS.filter((row) => !['once', 'always'].includes(cell(row, 'how often')))).toEqual([]);
    expect([...new Set(ROWS.map((row) => cell(row, 'answer')))].sort()).toEqual(Object.keys(FAULTS).sort());
  });

  test('says of what passes what it means when it does not', () => {
    const passing = ROWS.filter((row) => cell(row, 'how often') === 'once')
      .filter((row) => cell(row, 'first page').startsWith('0 /'))
      .map((row) => cell(row, 'answer'));
    const lasting = ROWS.filter((row) => cell(row, 'how often') === 'always');
    expect(lasting.map((row) => cell(row, 'answer'))).toEqual(passing);
  });

  const named = ROWS.map((row) => ({ name: `${cell(row, 'answer')}, ${cell(row, 'how often')}`, row }));
  test.each(named)('$name', async ({ row }) => {
    const cases = casesOf(row);
    const outcomes = await Promise.all(cases.map(outcomeOf));
    const told = (list: readonly string[]) =>
      cases.map(({ paginate, page }, index) => `${paginate}, page ${page}: ${list[index]}`);
    expect(told(outcomes)).toEqual(told(cases.map(({ expected }) => expected)));
  });
});
