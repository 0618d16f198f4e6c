import type { Measure } from '../ports/warehouse.ts';
import { identifier } from './quote.ts';

/** All measures in one scan: `measure_0`, `measure_1`, … in their order. */
export function measureQuery(relation: string, measures: readonly Measure[]): string {
  const counts = measures.map((measure, index) => `${expression(measure)} AS measure_${index}`);
  return `SELECT ${counts.join(', ')} FROM ${relation}`;
}

function expression(measure: Measure): string {
  switch (measure.kind) {
    case 'rows':
      return 'count(*)';
    case 'nulls':
      return `count(*) - count(${identifier(measure.column)})`;
    case 'duplicates': {
      const columns = measure.columns.map(identifier);
      const complete = columns.map((column) => `${column} IS NOT NULL`).join(' AND ');
      return `count(CASE WHEN ${complete} THEN 1 END) - count(DISTINCT CASE WHEN ${complete} THEN row(${columns.join(', ')}) END)`;
    }
  }
}
