export default {
  name: 'acme-never',
  severity: 'error',
  category: 'practice',
  why: 'It is turned off.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check() {
    throw new Error('it is turned off and not asked');
  },
};
