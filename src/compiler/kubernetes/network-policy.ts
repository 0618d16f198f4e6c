import type { ResolvedEnvironment } from '../resolved.ts';
import { type Destination, destinationsOf } from './destinations.ts';
import { type ManifestFile, noted, object } from './manifest.ts';
import { nodeServicesOf } from './node-services.ts';

const TYPE = ['networking.k8s.io/v1', 'NetworkPolicy'] as const;

/** Everywhere but where the clouds give out the credentials of the node to whoever asks from it. */
const ANYWHERE = [
  { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16', '100.100.100.200/32'] } },
  { ipBlock: { cidr: '::/0', except: ['fe80::/10', 'fd00:ec2::/32', 'fd20:ce::254/128'] } },
];

/** Nothing comes in; out goes what the spec names. */
export function networkPolicyFile(environment: ResolvedEnvironment, namespace: string): ManifestFile {
  const egress = [
    noted(
      {
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
      'Names. Who answers is a pod, a cache on the node or the cloud, each at another address.',
    ),
    ...nodeServicesOf(environment).map(({ cidr, ports, of }) =>
      noted({ to: [{ ipBlock: { cidr } }], ports: ports.map(tcp) }, `${of}.`),
    ),
    ...destinationRules(destinationsOf(environment)),
  ];
  // A policy for each environment: what several allow adds up, so those that share the namespace are in nobody's way.
  const name = `${environment.name.replaceAll('_', '-')}-egress`;
  return {
    name: 'network-policy',
    makes: 'where the pods may connect to: to what the spec names, and nobody to them',
    notes: [
      'A policy knows addresses and ports, not names: it keeps to the ports of the hosts in the comments. Policies add',
      'up: what is missing here, such as a service of this cluster behind another port, you allow by one of your own.',
      'Without a network that enforces policies the file changes nothing.',
    ],
    objects: [
      object(TYPE, { name: 'deny-all', namespace }, { spec: spec(['Ingress', 'Egress']) }),
      object(TYPE, { name, namespace }, { spec: { ...spec(['Egress']), egress } }),
    ],
  };
}

const spec = (policyTypes: readonly string[]) => ({ podSelector: {}, policyTypes });

const tcp = (port: number) => ({ protocol: 'TCP', port });

/** One rule for all names, whose addresses nobody knows; one for each address that the spec names itself. */
function destinationRules(destinations: readonly Destination[]): object[] {
  const byBlock = Map.groupBy(destinations, ({ host }) => blockOf(host));
  return [...byBlock]
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map(([cidr, members]) => ({
      to: cidr === undefined ? ANYWHERE : [{ ipBlock: { cidr } }],
      ports: [...Map.groupBy(members, ({ port }) => port)].map(([port, ones]) =>
        noted(tcp(port), ...ones.map(({ host, of }) => `${host} (${of})`)),
      ),
    }));
}

/** Undefined for a name. `URL` has made dotted decimals of every other way to write IPv4. */
function blockOf(host: string): string | undefined {
  if (/^[0-9]+(\.[0-9]+){3}$/.test(host)) return `${host}/32`;
  return host.startsWith('[') ? `${host.slice(1, -1)}/128` : undefined;
}
