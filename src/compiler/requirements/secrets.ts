import type { DagDefinition } from '../dag.ts';
import { distinct, word } from './shell.ts';

/**
 * A command for each Kubernetes secret of the pods, by name. A value is the shell's variable of the same name as the
 * one in the pod.
 * @param namespace as a shell reads it
 */
export function secretCommands(dags: readonly DagDefinition[], namespace: string): string[] {
  const keys = new Map<string, Map<string, string>>();
  for (const { variable, kubernetes } of dags.flatMap(({ tasks }) => tasks.flatMap((task) => task.secrets))) {
    if (kubernetes === undefined) continue;
    const variables = keys.get(kubernetes.name) ?? new Map<string, string>();
    keys.set(kubernetes.name, variables.set(kubernetes.key, variable));
  }
  return [...keys.keys()].sort().map((name) => {
    const literals = [...(keys.get(name) ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, variable]) => ` \\\n  --from-literal=${word(key)}="$${variable}"`);
    return `kubectl create secret generic ${word(name)} --namespace ${namespace}${literals.join('')}`;
  });
}

/** The same for the secrets of the registry. */
export function pullSecretCommands(names: readonly string[], namespace: string): string[] {
  return distinct(names).map(
    (name) =>
      `kubectl create secret docker-registry ${word(name)} --namespace ${namespace} \\\n  --docker-server='…' --docker-username='…' --docker-password='…'`,
  );
}
