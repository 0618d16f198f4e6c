import type { Launcher } from '../../spec/environment.ts';
import type { Step } from '../../spec/steps.ts';
import type { ResolvedPipeline, ResolvedSpec } from '../resolved.ts';
import { type Rule, settingsOfSteps } from './rule.ts';

export const podSettingsWithoutPod: Rule = {
  name: 'pod-settings-without-pod',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'The process launcher starts a step where Airflow’s worker runs: it has no image, no identity of its own, and reserves no memory. What a step says of its pod must reach a pod in one environment at least.',
  bad: 'environments: { production: { launcher: { kind: process, image: null, namespace: null, service_account: null, secrets: null } } }\npipelines: { flights: { steps: { upload: { resources: { memory: 4Gi } } } } }',
  good: 'pipelines: { flights: { steps: { upload: { resources: { memory: 4Gi } } } } }',
  check(spec, report) {
    for (const ones of pipelinesByName(spec).values()) {
      for (const { pipeline } of ones) {
        for (const [step, settings] of settingsOfSteps(pipeline)) {
          for (const key of ['image', 'resources', 'service_account'] as const) {
            if (settings[key] === undefined) continue;
            const reaches = ones.some(
              (one) => hasPod(one, step) && one.pipeline.settings.steps[step]?.[key] !== undefined,
            );
            if (reaches) continue;
            report({
              message: `no environment starts a pod that could have this ${key}`,
              layers: pipeline.layers,
              path: ['steps', step, key],
              want: 'key',
              help: 'remove it, or use launcher: { kind: kubernetes }',
            });
          }
        }
      }
    }
  },
};

interface Placed {
  readonly launcher: Launcher['kind'];
  readonly pipeline: ResolvedPipeline;
}

/** dbt Cloud runs its jobs itself. */
function hasPod({ launcher, pipeline }: Placed, step: Step): boolean {
  return launcher === 'kubernetes' && !(step === 'dbt' && pipeline.settings.dbt?.runner === 'dbt_cloud');
}

/** Each pipeline in every environment that has it. */
function pipelinesByName(spec: ResolvedSpec) {
  const all = spec.environments.flatMap(({ settings, pipelines }) =>
    pipelines.map((pipeline) => ({ launcher: settings.launcher.kind, pipeline })),
  );
  return Map.groupBy(all, ({ pipeline }) => pipeline.name);
}
