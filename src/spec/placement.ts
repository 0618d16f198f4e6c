import { z } from 'zod';
import { environmentVariable, processText, text } from './names.ts';

const label = z.string().min(1);

const toleration = z
  .strictObject({
    key: label.optional().describe('Of the taint; without it every taint is tolerated.'),
    operator: z.enum(['Equal', 'Exists']).default('Equal'),
    value: z.string().optional(),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional().describe('None: all of them.'),
    toleration_seconds: z.int().min(0).optional().describe('Until a NoExecute taint evicts the pod.'),
  })
  .refine((one) => one.operator === 'Equal' || one.value === undefined, 'Exists looks at no value')
  .refine(
    (one) => one.operator === 'Exists' || one.key !== undefined,
    'without a key only Exists is possible',
  )
  .refine(
    (one) => one.toleration_seconds === undefined || one.effect === 'NoExecute',
    'toleration_seconds belongs to the effect NoExecute',
  );

/** `Operators` of label selectors are a subset of those of nodes, with numbers besides. */
function requirement<const Operators extends readonly [string, ...string[]]>(operators: Operators) {
  return z
    .strictObject({
      key: label,
      operator: z.enum(operators),
      values: z.array(z.string()).optional(),
    })
    .refine(
      ({ operator, values }) =>
        operator === 'Exists' || operator === 'DoesNotExist'
          ? values === undefined
          : values !== undefined && values.length > 0,
      'In, NotIn, Gt and Lt need values, Exists and DoesNotExist take none',
    );
}

const nodeTerm = z.strictObject({
  match_expressions: z.array(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'])).min(1),
});

const labelSelector = z.strictObject({
  match_labels: z.record(label, z.string()).optional(),
  match_expressions: z.array(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist'])).optional(),
});

const podTerm = z.strictObject({
  label_selector: labelSelector,
  topology_key: label.describe('Label of the nodes that count as one place, as kubernetes.io/hostname.'),
  namespaces: z.array(z.string()).optional(),
});

const weight = z.int().min(1).max(100);

const podRules = z.strictObject({
  required_during_scheduling_ignored_during_execution: z.array(podTerm).optional(),
  preferred_during_scheduling_ignored_during_execution: z
    .array(z.strictObject({ weight, pod_affinity_term: podTerm }))
    .optional(),
});

/** Kubernetes' own words, as its Python client spells them. */
export const affinity = z.strictObject({
  node_affinity: z
    .strictObject({
      required_during_scheduling_ignored_during_execution: z
        .strictObject({ node_selector_terms: z.array(nodeTerm).min(1) })
        .optional(),
      preferred_during_scheduling_ignored_during_execution: z
        .array(z.strictObject({ weight, preference: nodeTerm }))
        .optional(),
    })
    .optional(),
  pod_affinity: podRules.optional(),
  pod_anti_affinity: podRules.optional(),
});

const annotation = z
  .string()
  .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/, 'must be a Kubernetes key')
  .refine((key) => !key.startsWith('pipegen.dev/'), 'must not begin with pipegen.dev/: those are ours');

/** Where the pods of a Kubernetes launcher run, and what the cluster knows of them. */
export const placement = {
  node_selector: z.record(label, z.string()).default({}).describe('Labels that the node must have.'),
  tolerations: z.array(toleration).default([]).describe('Taints that do not keep the pods away.'),
  affinity: affinity.optional().describe('In the words of Kubernetes, in snake case.'),
  priority_class: z.string().min(1).optional(),
  image_pull_secrets: z.array(z.string().min(1)).default([]).describe('Kubernetes secrets of the registry.'),
  annotations: z
    .record(annotation, text)
    .default({})
    .describe('Beside ours, or instead of them: those of the autoscaler and of Istio can be said otherwise.'),
  env: z
    .record(
      environmentVariable.refine(
        (variable) => !variable.startsWith('PIPEGEN_'),
        'must not begin with PIPEGEN_: those are ours',
      ),
      processText,
    )
    .default({})
    .describe('More environment of every step, as HTTPS_PROXY. Never a secret: it stands in the DAG.'),
};
