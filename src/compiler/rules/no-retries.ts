import { stepsOf } from '../job.ts';
import { podPipelinesOf, type Rule } from './rule.ts';

export const noRetries: Rule = {
  name: 'no-retries',
  severity: 'error',
  category: 'practice',
  why: 'A node that goes away, an API that is busy, a connection that drops: with no retry each of them ends the run and wakes a person. Steps are made to be repeated. Asked for where pods run the pipeline.',
  bad: 'pipelines: { flights: { retries: 0 } }',
  good: 'pipelines: { flights: { retries: 2 } }',
  check(spec, report) {
    for (const { pipeline } of podPipelinesOf(spec)) {
      const { retries, steps } = pipeline.settings;
      const own = stepsOf(pipeline).map((step) => steps[step]?.retries ?? retries);
      if (retries > 0 || own.every((one) => one > 0)) continue;
      report({
        message: `steps of "${pipeline.name}" are tried once`,
        layers: pipeline.layers,
        path: ['retries'],
        help: 'set retries to 1 or more; a single step that must not be repeated says retries: 0 under steps',
      });
    }
  },
};
