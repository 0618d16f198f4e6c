import type { ResolvedPipeline } from '../resolved.ts';
import type { Rule } from './rule.ts';

export const scheduleCycle: Rule = {
  name: 'schedule-cycle',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Pipelines that wait for each other in a circle start never, or for ever.',
  bad: 'pipelines: { scorecard: { description: Scorecard, schedule: { after: { all: [scorecard] } }, dbt: { project: dbt, select: ["tag:scorecard"] } } }',
  good: 'pipelines: { scorecard: { description: Scorecard, schedule: { after: { all: [flights] } }, dbt: { project: dbt, select: ["tag:scorecard"] } } }',
  check(spec, report) {
    for (const { pipelines } of spec.environments) {
      const byName = new Map(pipelines.map((one) => [one.name, one]));
      for (const pipeline of pipelines) {
        const circle = findCircle(pipeline, byName);
        if (circle === undefined) continue;
        report({
          message: `"${pipeline.name}" waits for itself: ${circle.join(' → ')}`,
          layers: pipeline.layers,
          path: ['schedule', 'after'],
          want: 'key',
          help: 'give one of them a cron, or let it wait for another one',
        });
      }
    }
  },
};

function upstreams(pipeline: ResolvedPipeline): readonly string[] {
  const after = pipeline.settings.schedule?.after;
  return after?.all ?? after?.any ?? [];
}

/** The way from a pipeline back to itself, both ends named; undefined where there is none. */
function findCircle(
  start: ResolvedPipeline,
  byName: ReadonlyMap<string, ResolvedPipeline>,
): string[] | undefined {
  const seen = new Set<string>();
  const walk = (current: ResolvedPipeline, way: string[]): string[] | undefined => {
    for (const name of upstreams(current)) {
      if (name === start.name) return [...way, name];
      const next = byName.get(name);
      if (next === undefined || seen.has(name)) continue;
      seen.add(name);
      const found = walk(next, [...way, name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, [start.name]);
}
