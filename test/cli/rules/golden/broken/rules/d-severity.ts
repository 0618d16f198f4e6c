export default {
  name: 'acme-fatal',
  severity: 'fatal',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check() {},
};
