import { pipelinesOf, type Rule } from './rule.ts';

export const fromWithTransform: Rule = {
  name: 'from-with-transform',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A transform returns the columns by their names, so where they stand in the record of the source is its own business; `from` would have no effect.',
  bad: `
pipelines: { flights: { transform: handlers/flights.ts#normalise, columns: { flight: { from: flight.iata } } } }`,
  good: `
pipelines: { flights: { transform: handlers/flights.ts#normalise, columns: { flight: {} } } }`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { transform, columns } = pipeline.settings;
      if (transform === undefined) continue;
      for (const [name, column] of Object.entries(columns ?? {})) {
        // Of a parent, whose values stand beside the record.
        const paths = [column.from ?? []].flat();
        if (paths.every((path) => path.startsWith('${'))) continue;
        report({
          message: `the column "${name}" has "from", and the transform ${transform} returns columns by their names`,
          layers: pipeline.layers,
          path: ['columns', name, 'from'],
          help: `remove it, and let the transform return "${name}"`,
        });
      }
    }
  },
};
