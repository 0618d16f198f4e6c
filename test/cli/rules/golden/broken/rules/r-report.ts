export default {
  name: 'acme-no-layers',
  severity: 'error',
  category: 'practice',
  why: 'It is broken.',
  bad: 'pipelines: {}',
  good: 'pipelines: {}',
  check(_: unknown, report: (finding: unknown) => void) {
    report({ message: 'here', path: ['pipelines'] });
  },
};
