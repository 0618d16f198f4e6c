import type { Pipeline } from '../../spec/pipeline.ts';
import { podPipelinesOf, type Rule } from './rule.ts';

export const columnNeverTested: Rule = {
  name: 'column-never-tested',
  severity: 'warning',
  category: 'practice',
  why: 'A table of plain texts without a rule takes whatever comes: an API that renames a field fills the column with nulls, and every run stays green. One key, one required column or one check is enough to see it. Asked for where pods run the pipeline.',
  bad: 'pipelines: { flights: { columns: { flight_date: { type: string, required: null } } } }',
  good: 'pipelines: { flights: { columns: { flight_date: { type: string, required: true } } } }',
  check(spec, report) {
    for (const { pipeline } of podPipelinesOf(spec)) {
      const { columns, key, checks, load } = pipeline.settings;
      if (columns === undefined || load === undefined || key !== undefined || checks.length > 0) continue;
      const names = Object.keys(columns);
      if (Object.values(columns).some(isTested)) continue;
      report({
        message: `no rule and no check looks at ${names.length === 1 ? `"${names[0]}"` : `any of ${names.length} columns`}`,
        layers: pipeline.layers,
        path: ['columns'],
        want: 'key',
        help: 'set required: true where a value must be there, or add checks, such as { row_count: { min: 1 } }',
      });
    }
  },
};

type Column = NonNullable<Pipeline['columns']>[string];

/** A value that is not of its type sets the row aside, and any text is a string. */
function isTested({ type, required, accepted, min, max, pattern, max_length }: Column): boolean {
  return (
    required ||
    type !== 'string' ||
    [accepted, min, max, pattern, max_length].some((one) => one !== undefined)
  );
}
