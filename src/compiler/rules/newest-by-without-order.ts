import { isOrdered } from '../../spec/column-type.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const newestByWithoutOrder: Rule = {
  name: 'newest-by-without-order',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'newest_by compares numbers, dates and times. On text it would compare letters, where "10" comes before "9", and an old row could win.',
  bad: `
pipelines:
  flights:
    columns: { flight: { required: true }, updated_at: {} }
    key: { columns: [flight] }
    load: { mode: merge, newest_by: updated_at }`,
  good: `
pipelines:
  flights:
    columns: { flight: { required: true }, updated_at: { type: timestamp } }
    key: { columns: [flight] }
    load: { mode: merge, newest_by: updated_at }`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { load, columns } = pipeline.settings;
      const column = load?.newest_by === undefined ? undefined : columns?.[load.newest_by];
      if (column === undefined || isOrdered(column.type)) continue;
      report({
        message: `"${load?.newest_by}" is a ${column.type}, which has no order`,
        layers: pipeline.layers,
        path: ['load', 'newest_by'],
        help: 'give it the type of a number, a date or a time, or name another column',
      });
    }
  },
};
