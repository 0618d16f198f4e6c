import type { CHECK_KINDS } from '../../spec/check.ts';
import { isWritten, pipelinesOf, type Rule, whatPolicySays } from './rule.ts';

export const missingCheck: Rule = {
  name: 'missing-check',
  severity: 'error',
  category: 'correctness',
  why: 'A table that nothing checks is wrong for as long as nobody looks. The policy names the kinds of checks that every pipeline with a load has; one of severity warning counts, since somebody chose it.',
  bad: 'policy: { required_checks: [row_count] }',
  good: 'policy: { required_checks: [row_count] }\npipelines: { flights: { checks: [{ row_count: { min: 1 } }] } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { name, layers, settings } = pipeline;
      if (settings.load === undefined) continue;
      for (const [index, kind] of (spec.policy.required_checks ?? []).entries()) {
        if (settings.checks.some((check) => check[kind] !== undefined)) continue;
        const isThere = isWritten(spec, layers, ['checks']);
        report({
          message: `"${name}" loads a table and has no check of the kind ${kind}`,
          layers,
          path: [isThere ? 'checks' : 'load'],
          want: 'key',
          help: `add { ${kind}: ${SKETCH[kind]} } to its checks`,
          label: whatPolicySays(['required_checks', index], 'asked for here'),
        });
      }
    }
  },
};

/** What a person would write, with words in capitals where only they know. */
const SKETCH: Readonly<Record<(typeof CHECK_KINDS)[number], string>> = {
  row_count: '{ min: 1 }',
  null_rate: '{ column: COLUMN, max: 1% }',
  duplicate_rate: '{ columns: [COLUMN] }',
  freshness: '{ column: COLUMN, max: 1d }',
  volume_anomaly: '{}',
  referential: '{ columns: [COLUMN], table: TABLE }',
  reconcile: '{}',
  sql: '{ name: NAME, condition: CONDITION }',
};
