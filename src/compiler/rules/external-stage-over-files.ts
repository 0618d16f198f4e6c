import { INTERNAL_STAGE } from '../../spec/stage.ts';
import type { Rule } from './rule.ts';

const SNOWFLAKE =
  'kind: snowflake, path: null, account: org-one, database: RAW, schema: AVIATION, compute: LOADING, role: LOADER, auth: { kind: workload_identity, provider: gcp }';

export const externalStageOverFiles: Rule = {
  name: 'external-stage-over-files',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Snowflake reads an external stage itself, from the bucket. Files on a disk are out of its reach: load has to send them, which it does with the internal stage.',
  bad: `environments: { production: { warehouse: { ${SNOWFLAKE}, stage: PIPEGEN_STAGE } } }`,
  good: `environments: { production: { warehouse: { ${SNOWFLAKE}, stage: internal } } }`,
  check(spec, report) {
    for (const { name, settings, layers } of spec.environments) {
      const { store, warehouse } = settings;
      if (store.kind !== 'files' || warehouse.kind !== 'snowflake') continue;
      if (warehouse.stage === INTERNAL_STAGE) continue;
      report({
        message: `Snowflake can't read the files of "${name}" through a stage: they are on a disk`,
        layers,
        path: ['warehouse', 'stage'],
        help: 'write stage: internal, or use a store in Google Cloud Storage',
      });
    }
  },
};
