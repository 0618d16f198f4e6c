import { pipelinesOf, type Rule, suggest } from './rule.ts';

export const unknownUpstream: Rule = {
  name: 'unknown-upstream',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A pipeline that waits for one that nobody publishes is never started, and nothing says so.',
  bad: 'pipelines: { scorecard: { description: Scorecard, schedule: { after: { all: [fligths] } }, dbt: { project: dbt, select: ["tag:scorecard"] } } }',
  good: 'pipelines: { scorecard: { description: Scorecard, schedule: { after: { all: [flights] } }, dbt: { project: dbt, select: ["tag:scorecard"] } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const after = pipeline.settings.schedule?.after;
      for (const mode of ['all', 'any'] as const) {
        for (const [index, upstream] of (after?.[mode] ?? []).entries()) {
          if (spec.pipelineNames.includes(upstream)) continue;
          report({
            message: `there is no pipeline "${upstream}" to wait for`,
            layers: pipeline.layers,
            path: ['schedule', 'after', mode, index],
            help: suggest(
              upstream,
              spec.pipelineNames.filter((name) => name !== pipeline.name),
            ),
          });
        }
      }
    }
  },
};
