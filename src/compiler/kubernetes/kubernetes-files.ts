import type { DagDefinition, GeneratedFile } from '../dag.ts';
import { distinct } from '../requirements/shell.ts';
import type { ResolvedEnvironment } from '../resolved.ts';
import { airflowAccessFile } from './airflow-access.ts';
import { type ManifestFile, printManifest } from './manifest.ts';
import { namespaceFile } from './namespace.ts';
import { networkPolicyFile } from './network-policy.ts';
import { resourceQuotaFile } from './resource-quota.ts';
import { secretsFile } from './secrets.ts';
import { serviceAccountsFile } from './service-accounts.ts';

/**
 * `<environment>/kubernetes/<n>-<name>.yaml`: what has to be there in a cluster before the pods of an environment run,
 * in the order of applying. No files where another launcher starts the steps. Holds no secret.
 * @param dags of this environment
 * @param all environments of the spec: those in the same namespace share its quota
 */
export function kubernetesFiles(
  environment: ResolvedEnvironment,
  dags: readonly DagDefinition[],
  all: readonly ResolvedEnvironment[],
): GeneratedFile[] {
  const { launcher, warehouse } = environment.settings;
  const [first] = dags;
  if (launcher.kind !== 'kubernetes' || first === undefined) return [];
  const { namespace, workload_identity } = launcher;
  const neighbours = all.filter(
    ({ settings }) => settings.launcher.kind === 'kubernetes' && settings.launcher.namespace === namespace,
  );
  const accounts = distinct(
    dags.flatMap(({ tasks }) =>
      tasks
        .filter(({ dbtCloud }) => dbtCloud === undefined)
        .map(({ serviceAccount }) => serviceAccount ?? launcher.service_account),
    ),
  );
  const files: ManifestFile[] = [
    namespaceFile(namespace),
    serviceAccountsFile(namespace, accounts, workload_identity, warehouse),
    airflowAccessFile(launcher),
    ...secretsFile(dags, launcher),
    networkPolicyFile(environment, namespace),
    ...resourceQuotaFile(neighbours, namespace),
  ];
  const header = { environment: environment.name, specFile: first.specFile };
  return files.map((file, index) => printManifest(header, file, index + 1, files.length));
}
