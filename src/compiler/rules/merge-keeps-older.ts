import { pipelinesOf, type Rule } from './rule.ts';

export const mergeKeepsOlder: Rule = {
  name: 'merge-keeps-older',
  severity: 'warning',
  category: 'correctness',
  why: 'Of the duplicates within one extraction a single row reaches the merge. Where they are allowed, and another column or their order chooses it, the newer row may be the one that is thrown away.',
  bad: `
pipelines:
  flights:
    columns: { flight: { required: true }, updated_at: { type: timestamp } }
    key: { columns: [flight], max_duplicates: 3% }
    load: { mode: merge, newest_by: updated_at }`,
  good: `
pipelines:
  flights:
    columns: { flight: { required: true }, updated_at: { type: timestamp } }
    key: { columns: [flight], keep: latest, by: updated_at, max_duplicates: 3% }
    load: { mode: merge, newest_by: updated_at }`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { load, key } = pipeline.settings;
      if (load?.mode !== 'merge' || load.newest_by === undefined || key === undefined) continue;
      if (Number.parseFloat(key.max_duplicates) === 0 || key.by === load.newest_by) continue;
      report({
        message: `"${pipeline.name}" may throw away the newer of two duplicates before the merge`,
        layers: pipeline.layers,
        path: ['key', 'max_duplicates'],
        help: `say keep: latest and by: ${load.newest_by} in the key`,
      });
    }
  },
};
