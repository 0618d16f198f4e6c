import { podSlug } from '../targets/launchers/kubernetes.ts';
import type { Rule } from './rule.ts';

export const pipelineNameCollision: Rule = {
  name: 'pipeline-name-collision',
  severity: 'error',
  category: 'correctness',
  why: 'Pods are named after their pipeline: `_` becomes `-`, what is too long is cut. Two pipelines that end up with one name can’t be told apart in the cluster, in its logs and in its costs.',
  bad: 'pipelines: { flights_: { description: The same again, dbt: { project: dbt, select: [all] } } }',
  good: 'pipelines: { flights_daily: { description: The same by day, dbt: { project: dbt, select: [all] } } }',
  check(spec, report) {
    const owners = new Map<string, string>();
    for (const name of spec.pipelineNames) {
      const slug = podSlug(name, LONGEST);
      const owner = owners.get(slug);
      owners.set(slug, owner ?? name);
      if (owner === undefined) continue;
      report({
        message: `pods of "${name}" and "${owner}" would both be called ${slug}`,
        layers: [['pipelines']],
        path: [name],
        want: 'key',
        help: 'choose a name that differs by more than underscores, and within its first 50 characters',
      });
    }
  },
};

/** Of all steps, the name that leaves least room for the pipeline's. */
const LONGEST = 'extract';
