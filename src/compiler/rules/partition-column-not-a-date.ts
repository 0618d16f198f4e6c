import { pipelinesOf, type Rule } from './rule.ts';

export const partitionColumnNotADate: Rule = {
  name: 'partition-column-not-a-date',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A partition is a calendar date. A column of another type never equals it, and every row would be quarantined.',
  bad: 'pipelines: { flights: { load: { partition_column: flight } } }',
  good: 'pipelines: { flights: { load: { partition_column: flight_date } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const name = pipeline.settings.load?.partition_column;
      const column = name === undefined ? undefined : pipeline.settings.columns?.[name];
      if (column === undefined || column.type === 'date') continue;
      report({
        message: `the partition column "${name}" is a ${column.type}`,
        layers: pipeline.layers,
        path: ['load', 'partition_column'],
        help: `name a column with type: date`,
      });
    }
  },
};
