import { secretVariables, stepsOf } from '../job.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const secretNotMounted: Rule = {
  name: 'secret-not-mounted',
  severity: 'error',
  category: 'security',
  certain: true,
  why: 'A pod sees only the secrets that its launcher mounts. Without the entry the step that asks the source or the warehouse ends with code 78.',
  bad: 'environments: { production: { launcher: { secrets: null } } }',
  good: 'environments: { production: { launcher: { secrets: { api_key: { kubernetes: crm, key: key } } } } }',
  check(spec, report) {
    for (const { environment, pipeline } of pipelinesOf(spec)) {
      const { launcher } = environment.settings;
      if (launcher.kind !== 'kubernetes') continue;
      const variables = stepsOf(pipeline).flatMap((step) => secretVariables(environment, pipeline, step));
      for (const variable of new Set(variables)) {
        const name = Object.entries(spec.secrets).find(([, one]) => one === variable)?.[0] ?? variable;
        if (Object.hasOwn(launcher.secrets, name)) continue;
        report({
          message: `the pods of "${environment.name}" do not get the secret "${name}"`,
          layers: environment.layers,
          path: ['launcher', 'secrets'],
          want: 'key',
          help: `add secrets: { ${name}: { kubernetes: NAME_OF_THE_SECRET, key: KEY_INSIDE } } to the launcher`,
        });
      }
    }
  },
};
