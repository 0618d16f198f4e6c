import { z } from 'zod';
import { environmentVariable, processText, text } from './names.ts';

const label = z.string().min(1).describe('A label of Kubernetes.');

const toleration = z
  .strictObject({
    key: label.optional().describe('Of the taint; without it every taint is tolerated.'),
    operator: z.enum(['Equal', 'Exists']).default('Equal').describe('Whether the taint must have the value.'),
    value: z.string().optional().describe('Of the taint.'),
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
      operator: z.enum(operators).describe('How the label is compared.'),
      values: z.array(z.string()).optional().describe('What it is compared with.'),
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
  match_expressions: z
    .array(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']))
    .min(1)
    .describe('All of which must be true of the node.'),
});

const labelSelector = z.strictObject({
  match_labels: z.record(label, z.string()).optional().describe('Labels and their values.'),
  match_expressions: z
    .array(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist']))
    .optional()
    .describe('All of which must be true of the pod.'),
});

const podTerm = z.strictObject({
  label_selector: labelSelector.describe('Which pods are meant.'),
  topology_key: label.describe('Label of the nodes that count as one place, as kubernetes.io/hostname.'),
  namespaces: z
    .array(z.string())
    .optional()
    .describe('Where these pods are; their own namespace without it.'),
});

const weight = z.int().min(1).max(100).describe('How much it counts beside others.');

const podRules = z.strictObject({
  required_during_scheduling_ignored_during_execution: z
    .array(podTerm)
    .optional()
    .describe('Without these no pod starts.'),
  preferred_during_scheduling_ignored_during_execution: z
    .array(z.strictObject({ weight, pod_affinity_term: podTerm.describe('Near which pods.') }))
    .optional()
    .describe('Places that are better than others.'),
});

/** Kubernetes' own words, as its Python client spells them. */
export const affinity = z.strictObject({
  node_affinity: z
    .strictObject({
      required_during_scheduling_ignored_during_execution: z
        .strictObject({
          node_selector_terms: z.array(nodeTerm).min(1).describe('One of which must be true.'),
        })
        .optional()
        .describe('Without these no pod starts.'),
      preferred_during_scheduling_ignored_during_execution: z
        .array(z.strictObject({ weight, preference: nodeTerm.describe('Which nodes.') }))
        .optional()
        .describe('Nodes that are better than others.'),
    })
    .optional()
    .describe('Which nodes the pods go to.'),
  pod_affinity: podRules.optional().describe('Which pods they go near.'),
  pod_anti_affinity: podRules.optional().describe('Which pods they keep away from.'),
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
  priority_class: z.string().min(1).optional().describe('A PriorityClass of the cluster.'),
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
