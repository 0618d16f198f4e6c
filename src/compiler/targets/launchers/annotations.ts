import { dictionary, layout, literal, name, tall } from '../../python/expression.ts';
import { type Fragment, python } from '../../python/python.ts';
import { untemplated } from './environment.ts';

/** Nodes are not taken from under a running step, and no sidecar outlives it. */
const ALIVE_AND_ALONE = {
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
  'sidecar.istio.io/inject': 'false',
};

/**
 * The function that makes a pod's annotations. The definition is in them, and not in the labels: by those the operator
 * looks for a pod that still runs.
 * @param own of the spec; they take the place of ours
 */
export function annotations(own: Readonly<Record<string, string>>): Fragment {
  const all = Object.entries({ ...ALIVE_AND_ALONE, ...own });
  const values = dictionary([
    ...all.map(([key, value]) => [key, literal(untemplated(value))] as const),
    ['pipegen.dev/definition', name('definition')],
  ]);
  return {
    source: python(`def annotations(definition: str) -> dict[str, str]:
    """Keep the pod alive and alone, and tie the DAG version to the definition of the task."""
    return ${layout(tall(values), 4, 11)}`),
    imports: [],
  };
}
