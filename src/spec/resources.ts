import { z } from 'zod';

const quantity = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/, 'must be a Kubernetes quantity such as 500m or 1Gi');

/** Of one pod. Without defaults: a step that names one of them keeps the others of the launcher. */
export const resources = z.strictObject({
  cpu: quantity.describe('Requested; not limited.'),
  memory: quantity.describe('Requested and limited.'),
  ephemeral_storage: quantity.describe('Requested and limited; size of /tmp.'),
});

export type Resources = z.output<typeof resources>;
