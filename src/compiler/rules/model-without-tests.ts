import { projectsIn } from '../dbt/tables.ts';
import type { Rule } from './rule.ts';

export const modelWithoutTests: Rule = {
  name: 'model-without-tests',
  severity: 'warning',
  category: 'practice',
  why: 'What a model promises, only a test holds: a join that doubles rows and a column that is null all of a sudden are valid SQL.',
  bad: 'pipelines: { reports: { description: Reports, dbt: { project: untested, select: ["tag:daily"] } } }',
  good: 'pipelines: { reports: { description: Reports, dbt: { project: reports, select: ["tag:daily"] } } }',
  check(spec, report) {
    for (const [pipeline, project] of projectsIn(spec)) {
      const models = project.nodes.filter(({ kind, name }) => kind === 'models' && !project.tested.has(name));
      const [first] = models;
      if (first === undefined) continue;
      const rest = models.length > 1 ? ` and ${models.length - 1} more` : '';
      report({
        message: `no test looks at ${models.length === 1 ? 'the model' : 'the models'} "${first.name}"${rest} of ${project.folder}`,
        layers: pipeline.layers,
        path: ['dbt', 'project'],
        help: 'give its key data_tests: [unique, not_null] in a YAML file beside it',
      });
    }
  },
};
