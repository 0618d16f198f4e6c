import type { DagDefinition, LoweredLauncher } from '../dag.ts';
import type { Section } from './requirements.ts';
import { pullSecretCommands, secretCommands } from './secrets.ts';
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
      title: 'Cluster',
      text: `What the files of \`kubernetes/\` beside this page make: the namespace, the service accounts, what Airflow may do
there, the network policy and the quota. By whoever may make a namespace; running it again changes nothing.

${commands(['kubectl apply --filename kubernetes/'])}`,
    },
    serviceAccounts(dags),
    secrets(dags, namespace),
    ...pullSecrets(launcher, namespace),
    ...priorityClass(launcher),
    images(dags, launcher),
  ];
}

function secrets(dags: readonly DagDefinition[], namespace: string): Section {
  const lines = secretCommands(dags, namespace);
  if (lines.length === 0) return { title: 'Secrets', text: 'None of Kubernetes.' };
  const text = `Each value is taken from the variable of your shell that is named after it.\n\n${commands(lines)}`;
  return { title: 'Secrets', text };
}

function pullSecrets({ image_pull_secrets: names }: Launcher, namespace: string): Section[] {
  if (names.length === 0) return [];
  return [{ title: 'Secrets of the registry', text: commands(pullSecretCommands(names, namespace)) }];
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
