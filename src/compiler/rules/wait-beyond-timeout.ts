import { milliseconds } from '../../spec/quantities.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const waitBeyondTimeout: Rule = {
  name: 'wait-beyond-timeout',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A step that waits longer for a late file than it may run is stopped in the middle of the wait, and what missing.then says never happens.',
  bad: 'pipelines: { flights: { timeout: 30m, extract: { missing: { wait: 4h } } } }',
  good: 'pipelines: { flights: { steps: { extract: { timeout: 5h } }, extract: { missing: { wait: 4h } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract, steps, timeout } = pipeline.settings;
      const wait = extract?.missing?.wait;
      const limit = steps.extract?.timeout ?? timeout;
      if (wait === undefined || milliseconds(wait) < milliseconds(limit)) continue;
      report({
        message: `the file is waited for up to ${wait} and the step may run ${limit}`,
        layers: pipeline.layers,
        path: ['extract', 'missing', 'wait'],
        help: 'set steps.extract.timeout to the wait and the time to read the file',
      });
    }
  },
};
