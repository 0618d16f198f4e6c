import type { ResolvedEnvironment } from '../resolved.ts';

/** A service of the node that gives a pod the identity of its service account. */
export interface NodeService {
  readonly cidr: string;
  readonly ports: readonly number[];
  /** For people. */
  readonly of: string;
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity */
const GOOGLE: readonly NodeService[] = [
  { cidr: '169.254.169.252/32', ports: [987, 988], of: 'Google’s identities: GKE’s metadata server' },
  { cidr: '169.254.169.254/32', ports: [80, 8080], of: 'The same in Dataplane V2' },
];

/** https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const AMAZON: readonly NodeService[] = [
  { cidr: '169.254.170.23/32', ports: [80], of: 'Amazon’s identities: the Pod Identity agent of EKS' },
  { cidr: 'fd00:ec2::23/128', ports: [80], of: 'The same over IPv6' },
];

/** What the pods of an environment ask on their node for who they are. */
export function nodeServicesOf({ settings }: ResolvedEnvironment): NodeService[] {
  const { launcher, store, warehouse } = settings;
  if (launcher.kind !== 'kubernetes') return [];
  const identities = Object.values(launcher.workload_identity);
  const provider =
    warehouse.kind === 'snowflake' && warehouse.auth?.kind === 'workload_identity'
      ? warehouse.auth.provider
      : undefined;
  if (provider === 'aws') return [...AMAZON];
  // On a node of another cloud Google's address is the one that gives out the credentials of the node.
  if (provider === 'azure' || identities.some(({ aws, azure }) => (aws ?? azure) !== undefined)) return [];
  // An emulator of the store is asked without credentials.
  const bucket = store.kind === 'gcs' && !store.endpoint?.startsWith('http:');
  const google = bucket || provider === 'gcp' || identities.some(({ gcp }) => gcp !== undefined);
  return google ? [...GOOGLE] : [];
}
