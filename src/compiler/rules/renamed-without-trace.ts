import { goneFrom, heirOf } from '../diff/gone.ts';
import type { Rule } from './rule.ts';

export const renamedWithoutTrace: Rule = {
  name: 'renamed-without-trace',
  severity: 'warning',
  category: 'practice',
  why: 'To Airflow a new name is a new DAG: its history, its pause and its pending days stay with the old one. `renamed_from` tells that the two are one, and `pipegen diff` what that means. The last build is looked at, as it stands under generated/.',
  bad: 'environments: { renamed: { extends: production } }',
  good: `environments: { renamed: { extends: production } }
pipelines: { flights: { renamed_from: departures } }`,
  check(spec, report) {
    for (const { environment, id } of goneFrom(spec)) {
      const heir = heirOf(spec, environment, id);
      if (heir === undefined) continue;
      report({
        message: `"${heir}" does what "${id}" did, and does not say that it is the same`,
        layers: [['pipelines', heir]],
        path: [],
        want: 'key',
        help: `add renamed_from: ${id}`,
      });
    }
  },
};
