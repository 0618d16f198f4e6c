import { z } from 'zod';
import { connection } from './names.ts';

/** Where pods find a secret. One object rather than a union, so that a mistake in it is told where it is. */
export const mountedSecret = z
  .strictObject({
    kubernetes: z.string().min(1).optional().describe('Name of the Kubernetes secret.'),
    key: z.string().min(1).optional().describe('Key inside it.'),
    airflow_connection: connection
      .optional()
      .describe('A connection of Airflow, which writes it into the environment of the pod.'),
    field: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'must be login, password or a key of the connection’s extra')
      .optional()
      .describe(
        'What of the connection is the secret: login, password or a key of its extra. Default: password.',
      ),
  })
  .refine((value) => (value.kubernetes === undefined) !== (value.airflow_connection === undefined), {
    message: 'needs either kubernetes and key, or airflow_connection',
  })
  .refine((value) => (value.kubernetes === undefined) === (value.key === undefined), {
    message: 'needs kubernetes and key together',
  })
  .refine((value) => value.field === undefined || value.airflow_connection !== undefined, {
    message: 'is of a connection: it needs airflow_connection beside it',
    path: ['field'],
  });

export type MountedSecret = z.output<typeof mountedSecret>;
