import { milliseconds } from '../../spec/quantities.ts';
import { stepsOf } from '../job.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const noTimeout: Rule = {
  name: 'no-timeout',
  severity: 'error',
  category: 'correctness',
  why: 'A step that hangs is ended by its timeout and tried again. One that may run as long as the whole run is ended with it, by run_timeout: the step has no limit of its own, and no retry is left to it.',
  bad: 'pipelines: { flights: { timeout: 8h } }',
  good: 'pipelines: { flights: { timeout: 2h } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { timeout, run_timeout, steps, dbt } = pipeline.settings;
      for (const step of stepsOf(pipeline)) {
        const cloud = step === 'dbt' && dbt?.runner === 'dbt_cloud' ? dbt.timeout : undefined;
        const own = cloud ?? steps[step]?.timeout;
        const limit = own ?? timeout;
        if (milliseconds(limit) < milliseconds(run_timeout)) continue;
        report({
          message: `"${step}" may run ${limit}, and the whole run ${run_timeout}`,
          layers: pipeline.layers,
          path:
            cloud !== undefined
              ? ['dbt', 'timeout']
              : own === undefined
                ? ['timeout']
                : ['steps', step, 'timeout'],
          help: 'choose a timeout below run_timeout, or raise run_timeout',
        });
        if (own === undefined) break;
      }
    }
  },
};
