import type { KubernetesLauncher } from '../../spec/environment.ts';
import type { DagDefinition } from '../dag.ts';
import { pullSecretCommands, secretCommands } from '../requirements/secrets.ts';
import { word } from '../requirements/shell.ts';
import type { ManifestFile } from './manifest.ts';

/** Names of the secrets and how to make them: an object here would be one without its values, or one with them. */
export function secretsFile(
  dags: readonly DagDefinition[],
  { namespace, image_pull_secrets }: KubernetesLauncher,
): ManifestFile[] {
  const commands = [
    ...secretCommands(dags, word(namespace)),
    ...pullSecretCommands(image_pull_secrets, word(namespace)),
  ];
  if (commands.length === 0) return [];
  return [
    {
      name: 'secrets',
      makes: 'nothing, but it names the secrets that the pods need',
      notes: [
        'Their values belong into no repository. Make them by hand, each value from the variable of your shell that is',
        'named after it, or have them made under these names and keys from where your secrets are kept.',
        '',
        ...commands.flatMap((command) => command.split('\n')),
      ],
      objects: [],
    },
  ];
}
