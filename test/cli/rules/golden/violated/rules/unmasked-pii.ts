import { pipelinesOf, type Rule } from 'pipegen/rules';
import { isOfPerson } from './lib/person.ts';

export default {
  name: 'acme-unmasked-pii',
  severity: 'error',
  category: 'security',
  why: 'What is of a person is for nobody else to read.',
  bad: 'pipelines: { flights: { tags: [pii], columns: { passenger_name: {} } } }',
  good: 'pipelines: { flights: { tags: [pii], columns: { passenger_name: { mask: { kind: redact } } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { tags, columns = {} } = pipeline.settings;
      if (!tags.includes('pii')) continue;
      for (const [name, column] of Object.entries(columns)) {
        if (!isOfPerson(name) || column.mask !== undefined) continue;
        report({
          message: `"${name}" is of a person and stands in the table as it is`,
          layers: pipeline.layers,
          path: ['columns', name],
          want: 'key',
          help: 'give it a mask, such as mask: { kind: redact }',
          label: { layers: pipeline.layers, path: ['tags'], text: 'said here' },
        });
      }
    }
  },
} satisfies Rule;
