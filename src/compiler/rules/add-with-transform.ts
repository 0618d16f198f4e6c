import { pipelinesOf, type Rule } from './rule.ts';

export const addWithTransform: Rule = {
  name: 'add-with-transform',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Rows of a transform hold the declared columns. Nobody knows which fields of the source it reads, so none can be added for those that it does not.',
  bad: 'pipelines: { flights: { transform: handlers/flights.ts#rows, columns: { flight_date: { from: null }, flight: {} }, contract: { new_fields: add } } }',
  good: 'pipelines: { flights: { contract: { new_fields: add } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { transform, contract } = pipeline.settings;
      if (transform === undefined || contract.new_fields !== 'add') continue;
      report({
        message: `new fields can’t be added to the rows of the transform ${transform}`,
        layers: pipeline.layers,
        path: ['contract', 'new_fields'],
        help: 'set ignore or fail, or return them from the transform and declare their columns',
      });
    }
  },
};
