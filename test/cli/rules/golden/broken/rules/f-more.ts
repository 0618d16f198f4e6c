export default {
  name: 'acme-more',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check() {}, serverity: 1,
};
