import { placeholders } from '../../spec/template.ts';
import type { Layers } from '../layers.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule, suggest } from './rule.ts';

export const unknownPlaceholder: Rule = {
  name: 'unknown-placeholder',
  severity: 'error',
  category: 'correctness',
  why: 'A placeholder that stands for nothing would be sent to the API as it is written, and most APIs ignore a filter that they don’t understand.',
  bad: 'pipelines: { flights: { extract: { query: { flight_date: "${partiton}" } } } }',
  good: 'pipelines: { flights: { extract: { query: { flight_date: "${partition}" } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const { layers, path, text, known } of texts(pipeline)) {
        for (const { expression } of placeholders(text)) {
          if (expression.startsWith('variables.') || isKnown(expression, known)) continue;
          report({
            message: `"\${${expression}}" stands for nothing here`,
            layers,
            path,
            help: suggest(expression, known),
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

function texts(pipeline: ResolvedPipeline): { layers: Layers; path: Path; text: string; known: string[] }[] {
  const { extract } = pipeline.settings;
  if (extract === undefined || pipeline.extractSource === undefined) return [];
  const slice = sliceName(extract.slices);
  const known = ['partition', ...(slice === undefined ? [] : [`slice.${slice}`])];
  return [
    {
      layers: [['sources', extract.source]],
      path: ['base_url'],
      text: pipeline.extractSource.base_url,
      known: [],
    },
    { layers: pipeline.layers, path: ['extract', 'path'], text: extract.path, known },
    ...Object.entries(extract.query).map(([key, text]) => ({
      layers: pipeline.layers,
      path: ['extract', 'query', key],
      text,
      known,
    })),
  ];
}

export function sliceName(slices: object | undefined): string | undefined {
  return Object.keys(slices ?? {}).find((key) => key !== 'parallel' && key !== 'on_empty');
}
