import { pipelinesOf, type Rule } from './rule.ts';

export const nullableKey: Rule = {
  name: 'nullable-key',
  severity: 'warning',
  category: 'correctness',
  why: 'A row whose key has a null is nobody’s duplicate: it is kept and counted (keyless), however often it comes, and a merge adds it again in every run.',
  bad: 'pipelines: { flights: { key: { columns: [flight_date, flight] } } }',
  good: 'pipelines: { flights: { columns: { flight: { required: true } }, key: { columns: [flight_date, flight] } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { columns = {}, key } = pipeline.settings;
      const nullable = (key?.columns ?? []).filter((name) => {
        const column = columns[name];
        return column !== undefined && !column.required && column.default === undefined;
      });
      if (nullable.length === 0) continue;
      report({
        message: `the key may be null in ${nullable.map((name) => `"${name}"`).join(', ')}`,
        layers: pipeline.layers,
        path: ['key', 'columns'],
        help: 'set required: true on these columns, give them a default, or choose others',
      });
    }
  },
};
