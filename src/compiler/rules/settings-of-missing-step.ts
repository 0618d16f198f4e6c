import { stepsOf } from '../job.ts';
import { pipelinesOf, type Rule, settingsOfSteps } from './rule.ts';

export const settingsOfMissingStep: Rule = {
  name: 'settings-of-missing-step',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Settings of a step that the pipeline does not have change nothing, while its reader believes that they do.',
  bad: 'pipelines: { flights: { steps: { dbt: { timeout: 2h } } } }',
  good: 'pipelines: { flights: { steps: { load: { timeout: 2h } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const steps = stepsOf(pipeline);
      for (const [step] of settingsOfSteps(pipeline)) {
        if (steps.includes(step)) continue;
        report({
          message: `"${pipeline.name}" has no step "${step}"`,
          layers: pipeline.layers,
          path: ['steps', step],
          want: 'key',
          help: `its steps are ${steps.join(', ')}`,
        });
      }
    }
  },
};
