export default {
  name: 'acme-sound',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check() {},
};
