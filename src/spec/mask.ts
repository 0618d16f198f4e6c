import { z } from 'zod';
import type { ColumnType } from './column-type.ts';

export const mask = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z
      .literal('hash')
      .describe('HMAC-SHA-256 of the value, as 64 hexadecimal digits: equal for equal values.'),
    pepper: z.string().min(1).describe('One of the secrets: without it nobody can try values.'),
  }),
  z.strictObject({ kind: z.literal('redact').describe('`***` for every value.') }),
  z.strictObject({
    kind: z.literal('partial').describe('`***` and the end of the value.'),
    keep: z.int().min(1).max(32).describe('Characters that stay; a value that has no more is hidden whole.'),
  }),
  z.strictObject({
    kind: z.literal('drop').describe('Checked and never written: the table has no such column.'),
  }),
]);

export type Mask = z.output<typeof mask>;

interface Masked {
  readonly name: string;
  readonly type: ColumnType;
  readonly mask?: Mask | undefined;
}

/** The columns that reach a table, and their types there: what is masked is text, what is dropped is none. */
export function writtenColumns(columns: readonly Masked[]): { name: string; type: ColumnType }[] {
  return columns
    .filter((column) => column.mask?.kind !== 'drop')
    .map(({ name, type, mask }) => ({ name, type: mask === undefined ? type : 'string' }));
}

/** The secrets that masks are made with, each once. */
export function peppersIn(columns: readonly { readonly mask?: Mask | undefined }[]): string[] {
  const peppers = columns.flatMap(({ mask }) => (mask?.kind === 'hash' ? [mask.pepper] : []));
  return [...new Set(peppers)];
}
