import { podPipelinesOf, type Rule } from './rule.ts';

export const missingDescription: Rule = {
  name: 'missing-description',
  severity: 'warning',
  category: 'practice',
  why: 'Who is called at night reads in Airflow what a pipeline is for and whom its absence hurts. Asked for where pods run the pipeline.',
  bad: 'pipelines: { flights: { description: "" } }',
  good: 'pipelines: { flights: { description: Flights of our airline partners, read by the operations desk } }',
  check(spec, report) {
    for (const { pipeline } of podPipelinesOf(spec)) {
      if (pipeline.settings.description.trim() !== '') continue;
      report({
        message: `nobody says what "${pipeline.name}" is for`,
        layers: [['pipelines', pipeline.name]],
        path: [],
        want: 'key',
        help: 'add description: what it brings, and for whom',
      });
    }
  },
};
