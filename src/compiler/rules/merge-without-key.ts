import { pipelinesOf, type Rule } from './rule.ts';

export const mergeWithoutKey: Rule = {
  name: 'merge-without-key',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A merge replaces the row of the same key. Without a key no row is another’s newer version, and every run would add all rows again.',
  bad: `
pipelines:
  flights:
    key: null
    columns: { flight: { required: true }, updated_at: { type: timestamp } }
    load: { mode: merge, newest_by: updated_at }`,
  good: `
pipelines:
  flights:
    columns: { flight: { required: true }, updated_at: { type: timestamp } }
    key: { columns: [flight] }
    load: { mode: merge, newest_by: updated_at }`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { load, key } = pipeline.settings;
      if (load?.mode !== 'merge' || key !== undefined) continue;
      report({
        message: `"${pipeline.name}" merges rows and has no key`,
        layers: pipeline.layers,
        path: ['load', 'mode'],
        help: 'say by key.columns which columns tell rows apart',
      });
    }
  },
};
