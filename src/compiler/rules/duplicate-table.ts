import type { Rule } from './rule.ts';

export const duplicateTable: Rule = {
  name: 'duplicate-table',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Two pipelines that replace partitions of one table delete each other’s rows.',
  bad: `
pipelines:
  copy:
    description: The same again
    extract: { source: api, path: /flights }
    columns: { flight: { required: true } }
    load: { table: flights }`,
  good: `
pipelines:
  copy:
    description: The same again
    extract: { source: api, path: /flights }
    columns: { flight: { required: true } }
    load: { table: flights_copy }`,
  check(spec, report) {
    for (const environment of spec.environments) {
      const owners = new Map<string, string>();
      for (const pipeline of environment.pipelines) {
        const table = pipeline.settings.load?.table;
        if (table === undefined) continue;
        const owner = owners.get(table);
        owners.set(table, owner ?? pipeline.name);
        if (owner === undefined) continue;
        report({
          message: `"${owner}" loads into the table "${table}" already`,
          layers: pipeline.layers,
          path: ['load', 'table'],
          help: 'choose another table',
        });
      }
    }
  },
};
