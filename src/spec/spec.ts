import { z } from 'zod';
import { environmentName } from './environment.ts';
import { name } from './names.ts';
import { defaults } from './pipeline.ts';
import { policy } from './policy.ts';
import { secrets } from './source.ts';

const anyMap = z.record(z.string(), z.unknown());

/**
 * `pipelines.yaml` as a whole. Sources, environments and pipelines are maps here and parsed one by one, the latter
 * after merging, so that one bad pipeline hides nothing.
 */
export const spec = z.strictObject({
  version: z.literal(1).describe('Of the language.'),
  include: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Files whose maps are joined with those of this one, as pipelines/*.yaml; from the folder of this one.',
    ),
  policy: policy
    .optional()
    .describe('What is asked of every pipeline in every environment, and how much each rule weighs.'),
  rules: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'TypeScript files with rules of your own, as rules/*.ts; from the folder of the first file of the spec.',
    ),
  secrets: secrets.default({}),
  sources: z
    .record(name, anyMap)
    .default({})
    .describe('Where records come from: name, then what it is and how it is asked.'),
  environments: z
    .record(environmentName, anyMap)
    .describe('For whom DAGs are written: each has its Airflow, store and warehouse.'),
  defaults: defaults.prefault({}).describe('What every pipeline starts from.'),
  pipelines: z.record(name, anyMap).describe('What runs: a DAG each, in every environment.'),
});
