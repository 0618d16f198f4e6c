import type { Pipeline } from '../../spec/pipeline.ts';
import { locateIn } from '../layers.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const nullableKey: Rule = {
  name: 'nullable-key',
  severity: 'warning',
  category: 'correctness',
  why: 'A row whose key has a null is nobody’s duplicate: it is kept and counted (keyless), however often it comes, and a merge adds it again in every run.',
  bad: 'pipelines: { flights: { key: { columns: [flight_date, flight] } } }',
  good: 'pipelines: { flights: { columns: { flight: { required: true } }, key: { columns: [flight_date, flight] } } }',
  check(spec, report) {
    // A key that several take, or one in several environments, is one key: what may be null in any of them is said once.
    const nullable = new Map<string, Set<string>>();
    const keys = [...pipelinesOf(spec)].flatMap(({ pipeline: { layers, settings } }) => {
      const names = nullableIn(settings);
      if (names.length === 0) return [];
      const place = JSON.stringify(locateIn(spec.source, layers, PATH));
      nullable.set(place, new Set([...(nullable.get(place) ?? []), ...names]));
      return [{ layers, place, columns: settings.key?.columns ?? [] }];
    });
    for (const { layers, place, columns } of keys) {
      const names = columns.filter((name) => nullable.get(place)?.has(name));
      report({
        message: `the key may be null in ${names.map((name) => `"${name}"`).join(', ')}`,
        layers,
        path: PATH,
        help: 'set required: true on these columns, give them a default, or choose others',
      });
    }
  },
};

const PATH = ['key', 'columns'];

function nullableIn({ columns = {}, key }: Pipeline): string[] {
  return (key?.columns ?? []).filter((name) => {
    const column = columns[name];
    return column !== undefined && !column.required && column.default === undefined;
  });
}
