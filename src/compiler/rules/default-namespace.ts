import type { Rule } from './rule.ts';

/** Those that every cluster has, for what is nobody's and for the cluster itself. */
const OF_THE_CLUSTER: ReadonlySet<string> = new Set([
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
]);

export const defaultNamespace: Rule = {
  name: 'default-namespace',
  severity: 'error',
  category: 'security',
  why: 'Pod Security, the network policy and the quota of the generated files hold for a whole namespace. In one that every cluster has they would stop the pods of others, and who may start a pod there may read the secrets of all.',
  bad: 'environments: { production: { launcher: { namespace: default } } }',
  good: 'environments: { production: { launcher: { namespace: data-pipelines } } }',
  check({ environments }, report) {
    for (const { name, settings, layers } of environments) {
      const { launcher } = settings;
      if (launcher.kind !== 'kubernetes' || !OF_THE_CLUSTER.has(launcher.namespace)) continue;
      report({
        message: `the pods of "${name}" would run in the namespace ${launcher.namespace}, which is not theirs alone`,
        layers,
        path: ['launcher', 'namespace'],
        help: 'name one for them, such as data-pipelines: the files under kubernetes/ of the output make it',
      });
    }
  },
};
