import { pipelinesOf, type Rule } from './rule.ts';

export const lookbackWithReplace: Rule = {
  name: 'lookback-with-replace',
  severity: 'error',
  category: 'efficiency',
  why: 'load.mode: replace keeps one partition, the newest of a run. The days before it would be paid for at the API and loaded nowhere.',
  bad: 'pipelines: { flights: { schedule: { cron: "0 6 * * *" }, partition: { lookback: 2 }, load: { mode: replace } } }',
  good: 'pipelines: { flights: { schedule: { cron: "0 6 * * *" }, load: { mode: replace } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { load, partition } = pipeline.settings;
      if (load?.mode !== 'replace' || partition.lookback === 0) continue;
      report({
        message: `"${pipeline.name}" looks back, and its table is replaced whole`,
        layers: pipeline.layers,
        path: ['partition', 'lookback'],
        help: 'remove the key, or load with mode: replace_partition or merge',
      });
    }
  },
};
