import { pipelinesOf, type Rule } from './rule.ts';

export const freshnessWithoutDate: Rule = {
  name: 'freshness-without-date',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'freshness measures the age of the newest value. A text or a number has none, and the check would fail at run time, after the API was paid for.',
  bad: 'pipelines: { flights: { checks: [{ freshness: { column: flight, max: 2d } }] } }',
  good: 'pipelines: { flights: { checks: [{ freshness: { column: flight_date, max: 2d } }] } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const [index, { freshness }] of pipeline.settings.checks.entries()) {
        const type = pipeline.settings.columns?.[freshness?.column ?? '']?.type;
        if (freshness === undefined || type === undefined) continue;
        if (['date', 'timestamp', 'local_timestamp'].includes(type)) continue;
        report({
          message: `"${freshness.column}" is a ${type} and has no age`,
          layers: pipeline.layers,
          path: ['checks', index, 'freshness', 'column'],
          help: 'name a column of the type date, timestamp or local_timestamp',
        });
      }
    }
  },
};
