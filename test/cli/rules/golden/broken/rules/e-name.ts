export default {
  name: 'Acme Rule',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check() {},
};
