import { pipelinesOf, type Rule } from './rule.ts';

export const mergeWithoutNewestBy: Rule = {
  name: 'merge-without-newest-by',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A merge must know which of two rows of a key is newer. Without that a late run of an old day would put old rows over new ones.',
  bad: `
pipelines:
  flights:
    key: { columns: [flight] }
    load: { mode: merge }`,
  good: `
pipelines:
  flights:
    columns: { flight: { required: true }, updated_at: { type: timestamp } }
    key: { columns: [flight] }
    load: { mode: merge, newest_by: updated_at }`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { load } = pipeline.settings;
      if (load?.mode !== 'merge' || load.newest_by !== undefined) continue;
      report({
        message: `"${pipeline.name}" merges rows and does not say which of two is newer`,
        layers: pipeline.layers,
        path: ['load', 'mode'],
        help: 'name a column that grows with each change by load.newest_by, such as the time of the last change',
      });
    }
  },
};
