import { expect, test } from 'vitest';
import { readProject } from '../../../src/compiler/dbt/project/read-project.ts';
import { selections } from '../../../src/compiler/dbt/project/selector.ts';

function project(files: Readonly<Record<string, string>>) {
  return readProject('dbt', {
    readText: (path) => files[path.replace('dbt/', '')],
    readFolder: (folder) => {
      const prefix = `${folder.replace('dbt/', '')}/`;
      return Object.keys(files)
        .filter((file) => file.startsWith(prefix))
        .map((file) => file.slice(prefix.length));
    },
  });
}

const SOUND = {
  'dbt_project.yml':
    'name: shop\nmodels: { shop: { +tags: all, marts: { +tags: [marts] } } }\nseeds: { +tags: seeds }',
  'models/base.sql': "{{ config(tags='base') }} select * from {{ source('crm', 'orders') }}",
  'models/marts/sales.sql': "select * from {{ ref('base') }} -- {{ source('crm', 'gone') }}",
  'models/marts/sales.yml':
    'models: [{ name: sales, config: { tags: [money] } }]\nsources: [{ name: crm, tables: [{ name: orders }] }]',
  'seeds/zones.csv': 'a,b',
  'tests/whole.sql': "select * from {{ ref('sales') }}",
};

test('a project says its nodes, their tags and what tests look at', () => {
  const found = project(SOUND);
  expect(found?.nodes.map(({ kind, fqn, tags }) => [kind, fqn.join('.'), [...tags].sort()])).toEqual([
    ['models', 'shop.base', ['all', 'base']],
    ['models', 'shop.marts.sales', ['all', 'marts', 'money']],
    ['seeds', 'shop.zones', ['seeds']],
    ['data_tests', 'shop.whole', []],
  ]);
  expect([...(found?.tested ?? [])]).toEqual(['sales']);
  expect(found?.nodes.flatMap(({ sources }) => sources)).toEqual([
    { source: 'crm', table: 'orders', line: 1 },
  ]);
  expect(found).toMatchObject({ readsGenerated: false, openTags: false, hasPackages: false });
});

test.each([
  ['base', true],
  ['zones', true],
  ['shop', true],
  ['shop.marts', true],
  ['marts.sales', true],
  ['marts.base', false],
  ['whole', true],
  ['bas', false],
  ['b?se', true],
  ['1+sales+3', true],
  ['@sales', true],
  ['tag:money', true],
  ['tag:seeds', true],
  ['tag:moneys', false],
  ['path:models/marts', true],
  ['models/marts/', true],
  ['path:models/m*', true],
  ['path:marts', false],
  ['base.sql', true],
  ['source:crm', true],
  ['source:crm.orders', true],
  ['source:crm.order', false],
  // The generated source is read by projects that name its folder.
  ['source:raw.flights', false],
])('%s is found: %s', (select, found) => {
  const one = project(SOUND);
  if (one === undefined) throw new Error('there is no project');
  expect(selections(select, one, ['flights'])).toEqual([expect.objectContaining({ part: select, found })]);
});

test.each([
  ['selector:nightly', {}],
  ['resource_type:model', {}],
  ['{{ var("what") }}', {}],
  ['tag:later', { 'models/late.sql': "{{ config(tags=[var('tag')]) }} select 1" }],
  ['tag:later', { 'packages.yml': 'packages: []' }],
  ['some_model', { 'dependencies.yml': 'packages: []' }],
])('%s is left to dbt', (select, more) => {
  const one = project({ ...SOUND, ...more });
  if (one === undefined) throw new Error('there is no project');
  expect(selections(select, one, []).filter(({ part }) => part === select)).toEqual([]);
});

test.each([
  [{}],
  [{ 'dbt_project.yml': '{{ not yaml' }],
  [{ 'dbt_project.yml': 'version: 2' }],
  [{ 'dbt_project.yml': '[]' }],
])('%j is no project', (files) => {
  expect(project(files)).toBeUndefined();
});

test('broken and foreign files of a project are passed over', () => {
  const found = project({
    'dbt_project.yml': 'name: shop\nmodel-paths: 5\nmodels: 7',
    'models/a.yml': '{',
  });
  expect(found?.nodes).toEqual([]);
});
