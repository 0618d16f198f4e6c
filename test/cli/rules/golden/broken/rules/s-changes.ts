export default {
  name: 'acme-changes',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check(spec: any) {
    spec.environments[0].pipelines[0].settings.owner = 'me';
  },
};
