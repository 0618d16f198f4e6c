import { pipelinesOf, type Rule } from './rule.ts';

export const noTotalToReconcile: Rule = {
  name: 'no-total-to-reconcile',
  severity: 'warning',
  category: 'correctness',
  why: 'reconcile compares with the total that the API names. Without paginate.total there is nothing to compare with, and the step that checks ends with code 78 in every run.',
  bad: `
pipelines:
  flights:
    extract: { paginate: { total: null } }
    checks: [{ reconcile: { tolerance: 0% } }]`,
  good: `
pipelines:
  flights:
    checks: [{ reconcile: { tolerance: 0% } }]`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const paginate = pipeline.settings.extract?.paginate;
      // A handler says the total with its batches.
      if (pipeline.extractSource?.kind === 'handler') continue;
      if (paginate === undefined || ('total' in paginate && paginate.total !== undefined)) continue;
      for (const [index, check] of pipeline.settings.checks.entries()) {
        if (check.reconcile === undefined) continue;
        report({
          message: 'there is no total of the API to reconcile with',
          layers: pipeline.layers,
          path: ['checks', index, 'reconcile'],
          want: 'key',
          help: 'name where the answer has it by paginate.total, or remove the check',
        });
      }
    }
  },
};
