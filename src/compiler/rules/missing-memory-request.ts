import { type Rule, settingsOfSteps } from './rule.ts';

export const missingMemoryRequest: Rule = {
  name: 'missing-memory-request',
  severity: 'error',
  category: 'correctness',
  why: 'A pod that asks for no memory is put onto any node, however full, and is the first that a full node kills. The request is the limit too, and a limit of nothing is none.',
  bad: 'environments: { production: { launcher: { resources: { memory: "0" } } } }',
  good: 'environments: { production: { launcher: { resources: { memory: 2Gi } } } }',
  check(spec, report) {
    for (const { name, settings, layers, pipelines } of spec.environments) {
      const { launcher } = settings;
      if (launcher.kind !== 'kubernetes') continue;
      if (isNothing(launcher.resources.memory)) {
        report({
          message: `the pods of "${name}" ask for no memory`,
          layers,
          path: ['launcher', 'resources', 'memory'],
          help: 'write what a step needs, such as 1Gi',
        });
      }
      for (const pipeline of pipelines) {
        for (const [step, own] of settingsOfSteps(pipeline)) {
          if (own.resources?.memory === undefined || !isNothing(own.resources.memory)) continue;
          report({
            message: `the pod of "${step}" asks for no memory`,
            layers: pipeline.layers,
            path: ['steps', step, 'resources', 'memory'],
            help: 'write what the step needs, such as 1Gi',
          });
        }
      }
    }
  },
};

function isNothing(quantity: string): boolean {
  return Number.parseFloat(quantity) === 0;
}
