import { z } from 'zod';

const count = z.int().nonnegative();

const position = z.strictObject({
  offset: count.describe('UTF-16 units from the beginning of the file, a BOM included'),
  line: z.int().positive().describe('from 1'),
  column: z.int().positive().describe('from 1, in UTF-16 units; a BOM takes no column'),
});

const place = {
  file: z.string().describe('relative to the working directory; absolute where it lies outside'),
  start: position,
  end: position.describe('the first character that no longer belongs to it'),
};

/** `--format json`: fields may be added, never change their meaning or go without another `version`. */
export const jsonDocument = z.strictObject({
  version: z.literal(1),
  tool: z.strictObject({ name: z.literal('pipegen'), version: z.string() }),
  errors: count,
  warnings: count,
  findings: z.array(
    z.strictObject({
      name: z.string().describe('what `pipegen explain` takes'),
      severity: z.enum(['error', 'warning']),
      message: z.string().describe('what is wrong'),
      ...place,
      help: z.string().nullable().describe('what to do about it'),
      labels: z
        .array(z.strictObject({ ...place, text: z.string() }))
        .describe('other places that belong to it'),
      fix: z
        .strictObject({
          title: z.string(),
          edits: z.array(
            z.strictObject({ ...place, text: z.string().describe('what stands there instead') }),
          ),
        })
        .nullable()
        .describe('what `--fix` would do'),
    }),
  ),
});

export type JsonDocument = z.output<typeof jsonDocument>;
