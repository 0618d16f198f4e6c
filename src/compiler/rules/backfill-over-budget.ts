import type { Extract } from '../../spec/extract.ts';
import { milliseconds } from '../../spec/quantities.ts';
import { sliceName } from '../../spec/slices.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const backfillOverBudget: Rule = {
  name: 'backfill-over-budget',
  severity: 'warning',
  category: 'efficiency',
  why: 'A run reads its own day and those that partition.lookback adds, each of them once for every slice, under one budget of requests. Where the least that this takes is above the budget, every run ends before it is through.',
  bad: `sources: { api: { max_requests: 100 } }
pipelines: { flights: { partition: { lookback: 60 } } }`,
  good: `sources: { api: { max_requests: 500 } }
pipelines: { flights: { partition: { lookback: 60 } } }`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract, partition } = pipeline.settings;
      const source = pipeline.extractSource;
      if (extract === undefined || source?.kind !== 'http') continue;
      const days = partition.lookback + 1;
      const slices = slicesOf(extract);
      const needed = days * slices;
      const own = extract.max_requests ?? source.max_requests;
      const budget = Math.min(own, source.max_requests);
      if (needed <= budget) continue;
      report({
        message: `a run reads ${count(days, 'day')} in ${count(slices, 'slice')}, ${needed} requests at least, and may make ${budget}`,
        layers: pipeline.layers,
        path: partition.lookback > 0 ? ['partition', 'lookback'] : ['extract', 'slices'],
        want: 'key',
        help: 'raise max_requests, or read fewer days or slices in a run',
      });
    }
  },
};

const DAY = 86_400_000;

function slicesOf({ slices }: Extract): number {
  if (slices?.window !== undefined) return Math.ceil(DAY / milliseconds(slices.window.every));
  const name = sliceName(slices);
  return [name === undefined ? undefined : slices?.[name]].flat().length;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
