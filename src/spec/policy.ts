import { z } from 'zod';
import { CHECK_KINDS } from './check.ts';
import { text } from './names.ts';

const HOST = /^(\[[0-9a-f:.]+\]|(\*\.)?[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(:[0-9]{1,5})?$/;

const host = z
  .string()
  .regex(
    HOST,
    'must be a host such as api.example.com, *.example.com or host:8443: lower case, without https:// and path',
  )
  .meta({ examples: ['*.example.com'] });

const namePattern = z
  .string()
  .regex(/^[a-z0-9_*]+$/, 'must hold only a-z, 0-9 and _, and * for any text')
  .meta({ examples: ['sales_*'] });

const namespacePattern = z
  .string()
  .regex(/^[a-z0-9*-]+$/, 'must hold only a-z, 0-9 and -, and * for any text')
  .meta({ examples: ['data-*'] });

const change = z.enum(['error', 'warning', 'off']);

/** What an organisation asks of every pipeline in every environment. In its texts `*` stands for any text. */
export const policy = z.strictObject({
  required_tags: z
    .array(text.min(1).meta({ examples: ['tier-*'] }))
    .min(1)
    .optional()
    .describe('Every pipeline has a tag for each of these; * stands for any text.')
    .meta({ examples: [['tier-*', 'pii-*']] }),
  owners: z
    .array(text.min(1))
    .min(1)
    .optional()
    .describe('Who may own a pipeline; * stands for any text.')
    .meta({ examples: [['data-platform', 'partner-*']] }),
  namespaces: z
    .array(namespacePattern)
    .min(1)
    .optional()
    .describe('In which pods may run; * stands for any text.')
    .meta({ examples: [['data-*']] }),
  hosts: z
    .array(host)
    .min(1)
    .optional()
    .describe(
      'Where steps may connect to, as far as the spec says it; *.example.com is every host below it. Without a port: any.',
    )
    .meta({ examples: [['api.example.com', '*.snowflakecomputing.com']] }),
  required_checks: z
    .array(z.enum(CHECK_KINDS))
    .min(1)
    .optional()
    .describe('Kinds of checks that every pipeline with a load has.')
    .meta({ examples: [['row_count', 'reconcile']] }),
  names: z
    .strictObject({
      pipelines: z
        .array(namePattern)
        .min(1)
        .optional()
        .describe('What a pipeline may be called; * stands for any text.')
        .meta({ examples: [['sales_*', 'crm_*']] }),
      tables: z
        .array(namePattern)
        .min(1)
        .optional()
        .describe('What the table of a load may be called; * stands for any text.')
        .meta({ examples: [['raw_*']] }),
    })
    .optional()
    .describe('What things may be called.')
    .meta({ examples: [{ tables: ['raw_*'] }] }),
  enforced: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Names of rules that no comment may silence.')
    .meta({ examples: [['host-not-allowed', 'missing-owner']] }),
  severity: z
    .record(z.string(), change)
    .optional()
    .describe(
      'Name of a rule: error, warning or off. What makes a wrong DAG or ends every run can’t be less than it is.',
    )
    .meta({ examples: [{ 'missing-alert-route': 'error', 'nullable-key': 'off' }] }),
});

export type Policy = z.output<typeof policy>;

/** The parts of a written policy that have no error: a mistake in one must not switch off the others. */
export function soundPolicy(written: Readonly<Record<string, unknown>>): Policy {
  const { severity, ...lists } = policy.shape;
  const parts = Object.entries(lists).flatMap(([key, schema]) => soundValue(written, key, schema));
  return { ...Object.fromEntries(parts), severity: soundSeverities(written.severity) };
}

function soundSeverities(written: unknown): Policy['severity'] {
  if (written === null || typeof written !== 'object' || Array.isArray(written)) return undefined;
  const entries = written as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(entries).flatMap((name) => soundValue(entries, name, change)));
}

function soundValue<Schema extends z.ZodType>(
  written: Readonly<Record<string, unknown>>,
  key: string,
  schema: Schema,
): [string, z.output<Schema>][] {
  const parsed = schema.safeParse(Object.hasOwn(written, key) ? written[key] : undefined);
  return parsed.success && parsed.data !== undefined ? [[key, parsed.data]] : [];
}
