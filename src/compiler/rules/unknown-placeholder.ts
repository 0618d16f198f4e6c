import { textsOfExtract } from '../../spec/extract.ts';
import { sliceExpressions } from '../../spec/slices.ts';
import { textsIn } from '../../spec/source.ts';
import { placeholders } from '../../spec/template.ts';
import type { Layers } from '../layers.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule, suggest } from './rule.ts';

export const unknownPlaceholder: Rule = {
  name: 'unknown-placeholder',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A placeholder that stands for nothing would be sent to the API as it is written, and most APIs ignore a filter that they don’t understand.',
  bad: 'pipelines: { flights: { extract: { query: { flight_date: "${partiton}" } } } }',
  good: 'pipelines: { flights: { extract: { query: { flight_date: "${partition}" } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const { layers, path, text, known, parent } of texts(pipeline)) {
        for (const { expression } of placeholders(text)) {
          if (expression.startsWith('variables.') || isKnown(expression, known)) continue;
          if (parent !== undefined && expression.startsWith(`${parent}.`)) continue;
          report({
            message: `"\${${expression}}" stands for nothing here`,
            layers,
            path,
            help:
              parent !== undefined && expression === parent
                ? `name a field of it, such as "\${${parent}.id}"`
                : suggest(expression, known),
          });
        }
      }
    }
  },
};

function isKnown(expression: string, known: readonly string[]): boolean {
  if (known.includes(expression)) return true;
  const format = /^partition:(.+)$/.exec(expression)?.[1];
  if (format === undefined || !known.includes('partition')) return false;
  return [...format.matchAll(/%(.?)/g)].every(
    ([, directive = '']) => 'Yymdj%'.includes(directive) && directive !== '',
  );
}

interface Place {
  layers: Layers;
  path: Path;
  text: string;
  known: string[];
  /** Name of a `for_each` parent, any field of which may stand here. */
  parent?: string | undefined;
}

function texts(pipeline: ResolvedPipeline): Place[] {
  const { settings, layers, extractSource } = pipeline;
  const { extract } = settings;
  if (extract === undefined || extractSource === undefined) return [];
  const known = ['partition', 'partition.start', 'partition.end', 'run', ...sliceExpressions(extract.slices)];
  const parent = extract.for_each?.as;
  return [
    ...textsIn(extractSource).map(({ path, text }) => ({
      layers: [['sources', extract.source]],
      path,
      text,
      known: [],
    })),
    ...textsOfExtract(extract).map(({ path, text }) => ({
      layers,
      path: ['extract', ...path],
      text,
      known,
      // Parents are asked for before there is one.
      parent: path[0] === 'for_each' ? undefined : parent,
    })),
    ...Object.entries(settings.columns ?? {}).flatMap(([name, { from }]) =>
      [from ?? []].flat().map((text, index) => ({
        layers,
        path: ['columns', name, 'from', ...(Array.isArray(from) ? [index] : [])],
        text,
        known: [],
        parent,
      })),
    ),
  ];
}
