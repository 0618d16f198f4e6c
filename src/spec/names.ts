import { z } from 'zod';

/** Tables, columns, pipelines, sources: one form for all, so that it needs no quoting rules anywhere. */
export const NAME = /^[a-z][a-z0-9_]{0,62}$/;

export const name = z
  .string()
  .regex(NAME, 'must start with a lower-case letter and hold only a-z, 0-9 and _, at most 63 characters');

/** A name of an environment variable. Upper case only: KubernetesPodOperator upper-cases silently. */
export const environmentVariable = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'must be upper case: A-Z, 0-9 and _');

/** A name of a header of HTTP (RFC 9110, 5.6.2). */
export const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Text that a person reads or an API receives: anything that is well-formed Unicode. */
export const text = z
  .string()
  .refine((value) => value.isWellFormed(), 'holds a lone surrogate, which is not a character');

/** Text that becomes an argument or a variable of a process. */
export const processText = text.refine(
  (value) => !value.includes('\0'),
  'holds a NUL, at which the system would end it',
);

/** A name of a namespace of Kubernetes (RFC 1123, a label). */
export const namespace = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be a Kubernetes name');

/** A name of an object of Kubernetes such as a service account (RFC 1123, a subdomain). */
export const objectName = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    'must be a Kubernetes name: a-z, 0-9, - and dots, beginning and ending with a letter or digit',
  );

/** A name of a connection in Airflow. Never holds what a template engine would read. */
export const connection = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,200}$/, 'must be a connection id of Airflow: letters, digits and _ . -');
