export default {
  name: 'acme-throws',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check(spec: { environments: unknown[] }) {
    const [, second] = spec.environments as { name: string }[];
    return second.name;
  },
};
