import { z } from 'zod';
import { objectName } from './names.ts';
import { duration } from './quantities.ts';
import { resources } from './resources.ts';
import { STEPS, type Step } from './steps.ts';

const settings = z.strictObject({
  timeout: duration.optional().describe('Instead of the pipeline’s.'),
  retries: z.int().min(0).max(20).optional().describe('Instead of the pipeline’s.'),
  resources: resources
    .partial()
    .optional()
    .describe('Pods only: what this step takes more or less of than the launcher says.'),
  image: z
    .string()
    .regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, 'must be a full reference with its digest: name@sha256:…')
    .optional()
    .describe('Pods only: instead of the launcher’s.'),
  service_account: objectName
    .optional()
    .describe('Pods only: instead of the launcher’s, for a step that may do more or less than the others.'),
});

export type StepSettings = z.output<typeof settings>;

const each = Object.fromEntries(
  STEPS.map((step) => [step, settings.optional().describe(`Of the step ${step}.`)]),
);

/** What one step of a pipeline does differently from the others. */
export const stepSettings = z.strictObject(each as Record<Step, z.ZodOptional<typeof settings>>);
