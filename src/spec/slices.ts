import { z } from 'zod';
import { NAME, text } from './names.ts';
import { duration } from './quantities.ts';

const OPTIONS: readonly string[] = ['parallel', 'pods', 'on_empty', 'window'];

/** What a slice is counted by, beside its values. */
export const sliceOptions = {
  parallel: z.int().min(1).max(64).default(1).describe('Slices read at the same time inside the container.'),
  pods: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe(
      'Containers that share the slices, the rate and the budget, each a mapped instance of the task; one without it.',
    ),
  on_empty: z.enum(['allow', 'fail']).default('allow').describe('What a slice without a record means.'),
};

export const window = z.strictObject({
  every: duration.describe('Length of a window; the last of a day may be shorter.'),
});

/**
 * `{ airline: [AA, LH], parallel: 2 }`: one key of the writer's choice beside the options. Or
 * `{ window: { every: 6h } }`: the partition's day cut into windows.
 */
export const slices = z
  .object({ ...sliceOptions, window: window.optional().describe('Cuts the partition’s day into windows.') })
  .catchall(z.array(text.min(1)).min(1))
  .superRefine((value, context) => {
    const names = Object.keys(value).filter((key) => !OPTIONS.includes(key));
    if (names.length + (value.window === undefined ? 0 : 1) !== 1 || !NAME.test(names[0] ?? 'window')) {
      context.addIssue({
        code: 'custom',
        message:
          'needs exactly one list of values under a name of your choice, such as airline: [AA, LH], or window with every',
      });
    }
    for (const key of names) {
      const values = value[key] as string[];
      const again = values.findIndex((one, index) => values.indexOf(one) !== index);
      if (again >= 0) {
        context.addIssue({
          code: 'custom',
          path: [key, again],
          message: `the slice ${values[again]} is listed twice`,
        });
      }
    }
  });

/** The name under which a list of values stands; undefined where there is none. */
export function sliceName(value: object | undefined): string | undefined {
  return Object.keys(value ?? {}).find((key) => !OPTIONS.includes(key));
}

/** Expressions that stand for a slice in a request; a request for windows uses one of them at least. */
export function sliceExpressions(value: { window?: unknown } | undefined): string[] {
  if (value?.window !== undefined) return ['slice.window.start', 'slice.window.end'];
  const name = sliceName(value);
  return name === undefined ? [] : [`slice.${name}`];
}

/** Containers that share the slices. */
export function podsOf(value: { pods?: number | undefined } | undefined): number {
  return value?.pods ?? 1;
}
