import { minutesOfDay } from '../cron.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { Rule } from './rule.ts';

export const crowdedMinute: Rule = {
  name: 'crowded-minute',
  severity: 'warning',
  category: 'efficiency',
  why: 'Pipelines that are due in the same minute wait for each other: a scheduler runs 32 tasks at a time unless told otherwise (Airflow’s core.parallelism), and the cluster starts as many nodes for minutes that it needs for hours.',
  bad: `pipelines:
  p00: &due { description: One of many, schedule: { cron: "0 0 * * *" }, dbt: { project: dbt, select: [all] } }
  p01: *due
  p02: *due
  p03: *due
  p04: *due
  p05: *due
  p06: *due
  p07: *due
  p08: *due
  p09: *due
  p10: *due
  p11: *due
  p12: *due
  p13: *due
  p14: *due
  p15: *due
  p16: *due
  p17: *due
  p18: *due
  p19: *due
  p20: *due
  p21: *due
  p22: *due
  p23: *due
  p24: *due
  p25: *due
  p26: *due
  p27: *due
  p28: *due
  p29: *due
  p30: *due
  p31: *due
  p32: *due`,
  good: 'pipelines: { other: { description: Another, schedule: { cron: "10 6 * * *" }, dbt: { project: dbt, select: [all] } } }',
  check(spec, report) {
    for (const { pipelines } of spec.environments) {
      const due = new Map<string, ResolvedPipeline[]>();
      for (const pipeline of pipelines) {
        for (const minute of minutesOf(pipeline)) {
          const others = due.get(minute);
          if (others === undefined) due.set(minute, [pipeline]);
          else others.push(pipeline);
        }
      }
      // The worst alone: the same pipelines may meet again in every hour.
      const [minute, ones] = [...due].reduce(
        (worst, one) => (one[1].length > worst[1].length ? one : worst),
        ['', [] as ResolvedPipeline[]],
      );
      const [first] = ones;
      if (first === undefined || ones.length <= PARALLELISM) continue;
      report({
        message: `${ones.length} pipelines are due at ${minute}, this one first`,
        layers: first.layers,
        path: ['schedule', 'cron'],
        help: 'spread them over the hour, or let those that need others wait for them by schedule.after',
      });
    }
  },
};

/** Tasks that run at the same time in a scheduler: the default of Airflow's core.parallelism. */
const PARALLELISM = 32;

/** `06:00 UTC`, each minute of a day at which the cron may start the pipeline. */
function minutesOf({ settings: { schedule } }: ResolvedPipeline): string[] {
  if (schedule?.cron === undefined) return [];
  return minutesOfDay(schedule.cron).map((minute) => `${minute} ${schedule.timezone}`);
}
