export default {
  name: 'acme-asynchronous',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  async check() {
    throw new Error('later');
  },
};
