export default {
  name: 'missing-owner',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check() {},
};
