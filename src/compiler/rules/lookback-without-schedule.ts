import { pipelinesOf, type Rule } from './rule.ts';

export const lookbackWithoutSchedule: Rule = {
  name: 'lookback-without-schedule',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Only a run that a cron starts looks back: one that others start works on their partitions, and one by hand on the partition asked for. Elsewhere the key would have no effect.',
  bad: 'pipelines: { flights: { schedule: { cron: null, timezone: null, after: { all: [other] } }, partition: { lookback: 2 } }, other: { description: Another, dbt: { project: dbt, select: [all] } } }',
  good: 'pipelines: { flights: { schedule: { cron: "0 6 * * *" }, partition: { lookback: 2 } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { schedule, partition } = pipeline.settings;
      if (partition.lookback === 0 || schedule?.cron !== undefined) continue;
      report({
        message: `"${pipeline.name}" looks back but no cron starts it`,
        layers: pipeline.layers,
        path: ['partition', 'lookback'],
        help: 'give it schedule.cron, or remove the key',
      });
    }
  },
};
