import type { DagDefinition, LoweredLauncher } from '../dag.ts';
import type { Section } from './requirements.ts';
import { serviceAccounts } from './service-accounts.ts';
import { commands, distinct, word } from './shell.ts';

type Launcher = Extract<LoweredLauncher, { kind: 'kubernetes' }>;

/** What the pods find in the cluster. */
export function kubernetes(dags: readonly DagDefinition[]): Section[] {
  const launchers = dags.flatMap(({ launcher }) => (launcher.kind === 'kubernetes' ? [launcher] : []));
  const [launcher] = launchers;
  if (launcher === undefined) return [];
  const namespace = word(launcher.namespace);
  return [
    {
      title: 'Namespace',
      text: commands([`kubectl create namespace ${namespace}`]),
    },
    serviceAccounts(dags, namespace),
    secrets(dags, namespace),
    ...pullSecrets(launcher, namespace),
    ...priorityClass(launcher),
    images(dags, launcher),
  ];
}

function secrets(dags: readonly DagDefinition[], namespace: string): Section {
  const keys = new Map<string, Map<string, string>>();
  for (const { variable, kubernetes } of dags.flatMap(({ tasks }) => tasks.flatMap((task) => task.secrets))) {
    if (kubernetes === undefined) continue;
    const variables = keys.get(kubernetes.name) ?? new Map<string, string>();
    keys.set(kubernetes.name, variables.set(kubernetes.key, variable));
  }
  if (keys.size === 0) return { title: 'Secrets', text: 'None of Kubernetes.' };
  const lines = [...keys.keys()].sort().map((name) => {
    const literals = [...(keys.get(name) ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, variable]) => ` \\\n  --from-literal=${word(key)}="$${variable}"`);
    return `kubectl create secret generic ${word(name)} --namespace ${namespace}${literals.join('')}`;
  });
  const text = `Each value is taken from the variable of your shell that is named after it.\n\n${commands(lines)}`;
  return { title: 'Secrets', text };
}

function pullSecrets({ image_pull_secrets: names }: Launcher, namespace: string): Section[] {
  if (names.length === 0) return [];
  const lines = distinct(names).map(
    (name) =>
      `kubectl create secret docker-registry ${word(name)} --namespace ${namespace} \\\n  --docker-server='…' --docker-username='…' --docker-password='…'`,
  );
  return [{ title: 'Secrets of the registry', text: commands(lines) }];
}

function priorityClass({ priority_class: name }: Launcher): Section[] {
  if (name === undefined) return [];
  return [
    {
      title: 'Priority class',
      text: `Its value says which pods yield to which.\n\n${commands([`kubectl create priorityclass ${word(name)} --value='…'`])}`,
    },
  ];
}

function images(dags: readonly DagDefinition[], launcher: Launcher): Section {
  const own = dags.flatMap(({ tasks }) => tasks.flatMap(({ image }) => image ?? []));
  const lines = distinct([launcher.image, ...own]).map((image) => `docker manifest inspect ${word(image)}`);
  return { title: 'Images', text: `In a registry from which the cluster can pull.\n\n${commands(lines)}` };
}
