import { goneFrom, heirOf } from '../diff/gone.ts';
import type { Rule } from './rule.ts';

export const removedWithHistory: Rule = {
  name: 'removed-with-history',
  severity: 'warning',
  category: 'practice',
  why: 'A pipeline that is taken out of the spec loses its DAG file with the next build. Its runs stay in Airflow, its table in the warehouse with what was loaded last, and who reads it sees no error. The last build is looked at, as it stands under generated/.',
  bad: 'environments: { archive: { extends: production } }',
  good: `environments: { archive: { extends: production } }
pipelines:
  airports:
    description: Airports
    dbt: { project: dbt, select: [all] }`,
  check(spec, report) {
    const gone = goneFrom(spec).filter(({ environment, id }) => heirOf(spec, environment, id) === undefined);
    for (const [id, ones] of Map.groupBy(gone, (one) => one.id)) {
      const environments = ones.map(({ environment }) => `"${environment.name}"`).join(', ');
      report({
        message: `"${id}" is gone, and its runs and its table stay in ${environments}`,
        layers: [],
        path: ['pipelines'],
        want: 'key',
        help: `pause the DAG, tell who reads the table, then build; or name the pipeline that takes its place by renamed_from: ${id}`,
      });
    }
  },
};
