import { shapeOf } from '../../spec/column-type.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const numberWiderThanDouble: Rule = {
  name: 'number-wider-than-double',
  severity: 'warning',
  category: 'correctness',
  why: 'A JSON number with a fraction is a double before anybody sees it, in most programs and here: 15 digits are certain, the others may be lost already. A source that means every digit writes texts. CSV is text and left alone.',
  bad: 'pipelines: { flights: { columns: { fare: { type: "decimal(20,4)" } } } }',
  good: 'pipelines: { flights: { columns: { fare: { type: "decimal(12,4)" } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract, columns } = pipeline.settings;
      if (extract === undefined || extract.format.kind === 'csv') continue;
      for (const [name, { type }] of Object.entries(columns ?? {})) {
        const shape = shapeOf(type);
        if (shape.kind !== 'decimal' || shape.scale === 0 || shape.precision <= CERTAIN) continue;
        report({
          message: `"${name}" has ${shape.precision} digits, and a JSON number keeps ${CERTAIN} for certain`,
          layers: pipeline.layers,
          path: ['columns', name, 'type'],
          help: `write decimal(${CERTAIN},${Math.min(shape.scale, CERTAIN)}) or less; where the source writes texts, silence this with that reason`,
        });
      }
    }
  },
};

/** Decimal digits that survive the way into a double and back (DBL_DIG). */
const CERTAIN = 15;
