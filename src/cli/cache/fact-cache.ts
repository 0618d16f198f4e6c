import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type HandlerFact,
  type HandlerQuestion,
  KINDS,
  type ValueFact,
} from '../../compiler/handlers/handler-facts.ts';
import type { Texts } from '../handlers/texts-read.ts';
import { entryName } from './entry-name.ts';
import { openUserCache } from './user-cache.ts';

/** To be raised when an entry's form changes. */
const FORM = 2;

const at = z.strictObject({ file: z.string(), start: z.number(), end: z.number() });
const value: z.ZodType<ValueFact> = z.lazy(() => z.object(valueKeys));
const valueKeys = {
  type: z.string(),
  kinds: z.array(z.enum(KINDS)),
  literals: z.array(z.union([z.string(), z.number(), z.boolean()])),
  items: value.optional(),
};
const fact: z.ZodType<HandlerFact> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('absent'), exports: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('value'), at, type: z.string() }),
  z.strictObject({
    kind: z.literal('function'),
    at,
    required: z.number(),
    refuses: z.strictObject({ parameter: z.string(), type: z.string(), wanted: z.string(), at }).optional(),
    lacking: z.array(z.strictObject({ field: z.string(), at })),
    noSource: z.strictObject({ type: z.string(), item: z.boolean() }).optional(),
    unresolved: z.strictObject({ type: z.string(), reason: z.string(), at }).optional(),
    returns: z.array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('row'),
          at,
          fields: z.record(z.string(), z.strictObject({ ...valueKeys, at })),
          open: z.boolean(),
        }),
        z.strictObject({ kind: z.literal('not_a_row'), at, type: z.string() }),
      ]),
    ),
  }),
]);
const entry = z.strictObject({ files: z.record(z.string(), z.string()), fact });

export interface FactCache {
  /** @param textOf text of a file now */
  read(question: HandlerQuestion, textOf: (path: string) => string | undefined): HandlerFact | undefined;
  /** @param texts on which the fact depends, as they were read for it */
  write(question: HandlerQuestion, fact: HandlerFact, texts: Texts): void;
}

/** For whoever asks once and leaves nothing behind. */
export const NO_FACTS: FactCache = { read: () => undefined, write: () => {} };

/**
 * Answers of earlier runs about the handlers of a project. An answer counts while each file that it was read from has
 * the same text. What can't be read is no answer, what can't be written is asked again next time.
 * @param home the folder of the project
 */
export function openFactCache(home: string): FactCache {
  const cache = openUserCache('handlers', { entries: 1_000, bytes: 64 * 2 ** 20 });
  const nameOf = ({ generated: _, ...question }: HandlerQuestion) => entryName(FORM, home, question);
  return {
    read(question, textOf) {
      const known = cache.read(nameOf(question), (content) => entry.parse(JSON.parse(content.toString())));
      if (known === undefined || !Object.hasOwn(known.files, question.file)) return undefined;
      const same = Object.entries(known.files).every(([path, hash]) => sha256(textOf(path)) === hash);
      return same ? known.fact : undefined;
    },
    write(question, known, texts) {
      const files = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, sha256(text)]));
      cache.write(nameOf(question), Buffer.from(JSON.stringify({ files, fact: known })));
    },
  };
}

/** Undefined for no text; without the mark at its beginning that TypeScript does not see. */
function sha256(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return createHash('sha256')
    .update(text.replace(/^\uFEFF/, ''))
    .digest('hex');
}
