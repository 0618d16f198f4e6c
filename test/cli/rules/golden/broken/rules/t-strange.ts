export default {
  name: 'acme-strange',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check() {
    throw { toString: () => { throw new Error('no text'); } };
  },
};
