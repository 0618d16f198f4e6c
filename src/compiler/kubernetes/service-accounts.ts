import { authFile } from '../../spec/snowflake.ts';
import type { Warehouse } from '../../spec/warehouse.ts';
import type { WorkloadIdentity } from '../../spec/workload-identity.ts';
import { type ManifestFile, object } from './manifest.ts';

/** Where Kubernetes puts the token of a pod for its API server. */
const TOKENS = '/var/run/secrets/kubernetes.io/serviceaccount/';

/** @param accounts of the pods, each once */
export function serviceAccountsFile(
  namespace: string,
  accounts: readonly string[],
  identities: Readonly<Record<string, WorkloadIdentity>>,
  warehouse: Warehouse,
): ManifestFile {
  // Pods that never ask the API server hold nothing that it would take, unless Snowflake takes that token.
  const file = warehouse.kind === 'snowflake' ? authFile(warehouse.auth) : undefined;
  const automountServiceAccountToken = file?.startsWith(TOKENS) ?? false;
  return {
    name: 'service-accounts',
    makes: 'what the pods run as',
    notes: [
      'What each must be allowed in the cloud stands in requirements.md. Kubernetes allows them nothing.',
      ...(automountServiceAccountToken ? ['Snowflake takes their token, so it is in the pods.'] : []),
    ],
    objects: accounts.map((name) => {
      const identity = Object.hasOwn(identities, name) ? identities[name] : undefined;
      const annotations = identity === undefined ? {} : { annotations: annotationsOf(identity) };
      return object(
        ['v1', 'ServiceAccount'],
        { name, namespace, ...annotations },
        { automountServiceAccountToken },
      );
    }),
  };
}

/**
 * https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity,
 * https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html,
 * https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
 */
function annotationsOf({ gcp, aws, azure }: WorkloadIdentity): Readonly<Record<string, string>> {
  return {
    ...(gcp === undefined ? {} : { 'iam.gke.io/gcp-service-account': gcp }),
    ...(aws === undefined ? {} : { 'eks.amazonaws.com/role-arn': aws }),
    ...(azure === undefined ? {} : { 'azure.workload.identity/client-id': azure }),
  };
}
