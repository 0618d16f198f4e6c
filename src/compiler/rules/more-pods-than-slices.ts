import { milliseconds } from '../../spec/quantities.ts';
import { podsOf, sliceName } from '../../spec/slices.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import { pipelinesOf, type Rule } from './rule.ts';

const DAY = 86_400_000;

export const morePodsThanSlices: Rule = {
  name: 'more-pods-than-slices',
  severity: 'error',
  category: 'efficiency',
  why: 'A slice is read by one container. One that has none starts, takes its share of the rate and of the budget from the others, and does nothing.',
  bad: 'pipelines: { flights: { extract: { slices: { airline: [AA, LH], pods: 3 } } } }',
  good: 'pipelines: { flights: { extract: { slices: { airline: [AA, LH], pods: 2 } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const pods = podsOf(pipeline.settings.extract?.slices);
      const slices = countOf(pipeline);
      if (pods === 1 || pods <= slices) continue;
      report({
        message: `${pods} pods share ${slices} slice${slices === 1 ? '' : 's'}`,
        layers: pipeline.layers,
        path: ['extract', 'slices', 'pods'],
        help:
          slices === 1
            ? 'leave pods out: there is nothing to share'
            : `set pods to ${slices} at most, or cut the slices smaller`,
      });
    }
  },
};

/** Slices of an ordinary day; the nights that change the clocks may have one more or less. */
function countOf({ settings: { extract } }: ResolvedPipeline): number {
  const slices = extract?.slices;
  if (slices?.window !== undefined) return Math.ceil(DAY / milliseconds(slices.window.every));
  const name = sliceName(slices);
  return name === undefined ? 0 : ((slices?.[name] as string[] | undefined)?.length ?? 0);
}
