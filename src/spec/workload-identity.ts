import { z } from 'zod';

/** One object rather than a union, so that a mistake in it is told where it is. */
export const workloadIdentity = z
  .strictObject({
    gcp: z
      .string()
      .regex(
        /^[a-z0-9][-a-z0-9]*@[a-z0-9][-a-z0-9.]*\.gserviceaccount\.com$/,
        'must be a service account of Google, such as loader@acme.iam.gserviceaccount.com',
      )
      .optional()
      .describe('GKE: the service account of Google.'),
    aws: z
      .string()
      .regex(
        /^arn:aws[-a-z]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/,
        'must be the ARN of a role, such as arn:aws:iam::123456789012:role/loader',
      )
      .optional()
      .describe('EKS: the role of IAM.'),
    azure: z
      .guid('must be a client id, such as 00000000-0000-0000-0000-000000000000')
      .optional()
      .describe('AKS: the client id of the managed identity; the pods get the label that it asks for.'),
  })
  .refine(({ gcp, aws, azure }) => [gcp, aws, azure].filter((one) => one !== undefined).length === 1, {
    message: 'needs exactly one of gcp, aws and azure',
  });

export type WorkloadIdentity = z.output<typeof workloadIdentity>;
