export default {
  name: 'acme-twice',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check() {},
};
