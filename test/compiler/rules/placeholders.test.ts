import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';

const ORDERS = { as: 'order', path: '/orders' };
const CHILD = { for_each: ORDERS, path: '/orders/${order.id}' };

/** What lint says of a pipeline with this extract and the column's `from`. */
function findings(extract: object, from?: string | string[]): string[] {
  const spec = {
    version: 1,
    sources: { crm: { kind: 'http', base_url: 'https://api.crm.example' } },
    environments: {
      laptop: {
        airflow: '3.3',
        launcher: { kind: 'process' },
        store: { kind: 'files', root: 'lake' },
        warehouse: { kind: 'duckdb', path: 'lake.duckdb', schema: 'raw' },
      },
    },
    pipelines: {
      items: {
        extract: { source: 'crm', path: '/items', ...extract },
        columns: { id: from === undefined ? {} : { from } },
        load: { table: 'items' },
      },
    },
  };
  const checked = check({ file: 'pipelines.yaml', bytes: Buffer.from(stringify(spec)) });
  return checked.findings.map(({ message }) => message);
}

test.each<[string, object, string | string[] | undefined]>([
  [
    'the day in every form',
    { query: { a: '${partition} ${partition:%Y} ${partition.start}', b: '${run}' } },
    'id',
  ],
  ['a window', { slices: { window: { every: '6h' } }, query: { from: '${slice.window.start}' } }, undefined],
  ['a field of the parent', { ...CHILD, headers: { 'X-By': '${order.by.name}' } }, '${order.id}'],
  ['it beside a path', CHILD, ['${order.id}', 'id']],
  [
    'a slice of the parents',
    { ...CHILD, slices: { a: ['1'] }, for_each: { ...ORDERS, query: { a: '${slice.a}' } } },
    'id',
  ],
])('%s stands for something', (_, extract, from) => {
  expect(findings(extract, from)).toEqual([]);
});

test.each<[string, object, string | string[] | undefined, string]>([
  ['a window without one', { query: { a: '${slice.window.start}' } }, undefined, '${slice.window.start}'],
  ['the parent itself', { ...CHILD, query: { a: '${order}' } }, undefined, '${order}'],
  [
    'a parent among the parents',
    { ...CHILD, for_each: { ...ORDERS, query: { a: '${order.id}' } } },
    undefined,
    '${order.id}',
  ],
  ['a parent that is not there', { query: { a: '${order.id}' } }, undefined, '${order.id}'],
  ['a column of no parent', {}, '${order.id}', '${order.id}'],
  ['a text deep in a body', { method: 'POST', body: { a: [{ b: '${nothing}' }] } }, undefined, '${nothing}'],
])('%s stands for nothing', (_, extract, from, expression) => {
  expect(findings(extract, from)).toEqual([`"${expression}" stands for nothing here`]);
});

test('a window that no request uses is found', () => {
  expect(findings({ slices: { window: { every: '6h' } } })).toEqual(['no request uses the slice "window"']);
});
