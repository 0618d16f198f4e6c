import { milliseconds } from '../../spec/quantities.ts';
import { shortestInterval } from '../cron.ts';
import { stepsOf } from '../job.ts';
import type { Path } from '../source-file.ts';
import { isWritten, pipelinesOf, type Rule } from './rule.ts';

export const timeoutExceedsInterval: Rule = {
  name: 'timeout-exceeds-interval',
  severity: 'warning',
  category: 'correctness',
  why: 'Runs of a pipeline wait for each other unless max_active_runs says otherwise. Where a single one may last longer than the time to the next, one that hangs delays all that follow.',
  bad: 'pipelines: { flights: { schedule: { cron: "*/15 * * * *" }, timeout: 1h } }',
  good: 'pipelines: { flights: { schedule: { cron: "0 * * * *" }, timeout: 30m } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { schedule, timeout, run_timeout, steps, max_active_runs } = pipeline.settings;
      if (schedule?.cron === undefined || max_active_runs > 1) continue;
      const interval = shortestInterval(schedule.cron);
      if (interval === undefined) continue;
      const limits: [Path, string][] = [
        [['timeout'], timeout],
        ...stepsOf(pipeline).flatMap((step): [Path, string][] => {
          const own = steps[step]?.timeout;
          return own === undefined ? [] : [[['steps', step, 'timeout'], own]];
        }),
      ];
      // The built-in limit of a run is there for runs of a day; nobody chose it for this cron.
      if (isWritten(spec, pipeline.layers, ['run_timeout'])) limits.push([['run_timeout'], run_timeout]);
      const longest = limits.find(([, limit]) => milliseconds(limit) > interval);
      if (longest === undefined) continue;
      const [path, limit] = longest;
      report({
        message: `a run is due every ${Math.round(interval / 60_000)} minutes, and ${path.join('.')} lets one last ${limit}`,
        layers: pipeline.layers,
        path: isWritten(spec, pipeline.layers, path) ? path : ['schedule', 'cron'],
        help: 'choose a limit below the interval, or start runs less often',
      });
    }
  },
};
