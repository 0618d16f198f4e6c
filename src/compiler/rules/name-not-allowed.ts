import { fitsAny } from '../pattern.ts';
import { pipelinesOf, type Rule, whatPolicySays } from './rule.ts';

export const nameNotAllowed: Rule = {
  name: 'name-not-allowed',
  severity: 'error',
  category: 'practice',
  why: 'A name that follows the pattern of its team says whose it is wherever it appears: in Airflow, in the warehouse, in a bill. The policy says what pipelines and tables may be called. It is cheap to follow before the first run and dear afterwards.',
  bad: 'policy: { names: { tables: [raw_*] } }',
  good: 'policy: { names: { tables: [raw_*], pipelines: [flights, trips_*] } }\npipelines: { flights: { load: { table: raw_flights } } }',
  check(spec, report) {
    const { pipelines, tables } = spec.policy.names ?? {};
    for (const { pipeline } of pipelinesOf(spec)) {
      const { name, layers, settings } = pipeline;
      if (pipelines !== undefined && !fitsAny(pipelines, name)) {
        report({
          message: `a pipeline may not be called "${name}"`,
          layers: [['pipelines', name]],
          path: [],
          want: 'key',
          help: `give it a name such as ${pipelines.join(' or ')}, and renamed_from: ${name} where it has run`,
          label: whatPolicySays(['names', 'pipelines'], 'these are allowed'),
        });
      }
      const table = settings.load?.table;
      if (table === undefined || tables === undefined || fitsAny(tables, table)) continue;
      report({
        message: `a table may not be called "${table}"`,
        layers,
        path: ['load', 'table'],
        help: `give it a name such as ${tables.join(' or ')}`,
        label: whatPolicySays(['names', 'tables'], 'these are allowed'),
      });
    }
  },
};
