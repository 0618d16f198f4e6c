import { type ManifestFile, object } from './manifest.ts';

/**
 * The newest whose rules the pods were tried against. Pinned, so that an upgrade of the cluster refuses no pod that ran
 * the day before; what the newer rules would refuse is a warning first. An older API server takes its own newest.
 */
const PROVEN = 'v1.33';

/** https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
const POD_SECURITY = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/enforce-version': PROVEN,
  'pod-security.kubernetes.io/audit': 'restricted',
  'pod-security.kubernetes.io/audit-version': 'latest',
  'pod-security.kubernetes.io/warn': 'restricted',
  'pod-security.kubernetes.io/warn-version': 'latest',
};

export function namespaceFile(namespace: string): ManifestFile {
  return {
    name: 'namespace',
    makes: 'the namespace of the pods',
    notes: [
      'For these pods and nothing else: the quota and the network policy hold for all that is in it.',
      'Pod Security: a pod that could get root or the node is refused.',
    ],
    objects: [object(['v1', 'Namespace'], { name: namespace, labels: POD_SECURITY })],
  };
}
