import type { LoweredLauncher } from '../../dag.ts';
import { dictionary, type Expression, type Keywords, list, literal } from '../../python/expression.ts';
import { untemplated } from './environment.ts';
import { type ModelTypes, model, modelOf } from './kubernetes-model.ts';

type Kubernetes = Extract<LoweredLauncher, { kind: 'kubernetes' }>;

/** Where pods may run; nothing of what the spec is silent about. */
export function placementSettings(launcher: Kubernetes): Keywords {
  const { node_selector, tolerations, affinity, priority_class, image_pull_secrets } = launcher;
  const labels = Object.entries(node_selector);
  const settings: [string, Expression][] = [];
  if (image_pull_secrets.length > 0) {
    const references = image_pull_secrets.map((one) =>
      model('V1LocalObjectReference', [['name', literal(one)]]),
    );
    settings.push(['image_pull_secrets', list(references)]);
  }
  if (labels.length > 0) {
    const selected = labels.map(([key, value]) => [key, literal(untemplated(value))] as const);
    settings.push(['node_selector', dictionary(selected)]);
  }
  if (tolerations.length > 0) {
    settings.push(['tolerations', list(tolerations.map((one) => modelOf(one, 'V1Toleration', {})))]);
  }
  if (affinity !== undefined) settings.push(['affinity', modelOf(affinity, 'V1Affinity', AFFINITY)]);
  if (priority_class !== undefined) settings.push(['priority_class_name', literal(priority_class)]);
  return settings;
}

const REQUIRED = 'required_during_scheduling_ignored_during_execution';
const PREFERRED = 'preferred_during_scheduling_ignored_during_execution';
const POD_RULES = { [REQUIRED]: 'V1PodAffinityTerm', [PREFERRED]: 'V1WeightedPodAffinityTerm' };

const AFFINITY: ModelTypes = {
  V1Affinity: {
    node_affinity: 'V1NodeAffinity',
    pod_affinity: 'V1PodAffinity',
    pod_anti_affinity: 'V1PodAntiAffinity',
  },
  V1NodeAffinity: { [REQUIRED]: 'V1NodeSelector', [PREFERRED]: 'V1PreferredSchedulingTerm' },
  V1NodeSelector: { node_selector_terms: 'V1NodeSelectorTerm' },
  V1PreferredSchedulingTerm: { preference: 'V1NodeSelectorTerm' },
  V1NodeSelectorTerm: { match_expressions: 'V1NodeSelectorRequirement' },
  V1PodAffinity: POD_RULES,
  V1PodAntiAffinity: POD_RULES,
  V1WeightedPodAffinityTerm: { pod_affinity_term: 'V1PodAffinityTerm' },
  V1PodAffinityTerm: { label_selector: 'V1LabelSelector' },
  V1LabelSelector: { match_expressions: 'V1LabelSelectorRequirement' },
};
