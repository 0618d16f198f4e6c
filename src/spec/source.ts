import { z } from 'zod';
import { secretKeys } from './auth.ts';
import { handlerSource, type Option } from './handler.ts';
import { httpSource } from './http-source.ts';
import { environmentVariable } from './names.ts';

export const source = z.discriminatedUnion('kind', [httpSource, handlerSource]);

export type Source = z.output<typeof source>;

export const secrets = z
  .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower case: a-z, 0-9 and _'), environmentVariable)
  .describe('Name of a secret: the environment variable that holds it.');

/** A text inside a source and the path to it. */
export interface Place {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Where a source names its secrets; in a job they are names of environment variables. */
export function secretsIn(value: Source): Place[] {
  if (value.kind === 'handler') {
    return Object.entries(value.secrets).map(([name, secret]) => ({ path: ['secrets', name], text: secret }));
  }
  if (value.auth === undefined) return [];
  const auth: Readonly<Record<string, unknown>> = value.auth;
  return secretKeys(value.auth).map((key) => ({ path: ['auth', key], text: String(auth[key]) }));
}

/** The texts of a source that may hold `${variables.NAME}`. */
export function textsIn(value: Source): Place[] {
  if (value.kind === 'handler') return textsOf(['options'], value.options);
  const token = value.auth?.kind === 'oauth2' ? value.auth.token_url : undefined;
  return [
    { path: ['base_url'], text: value.base_url },
    ...(token === undefined ? [] : [{ path: ['auth', 'token_url'], text: token }]),
    ...Object.entries(value.headers).map(([name, text]) => ({ path: ['headers', name], text })),
  ];
}

function textsOf(path: Place['path'], value: Option): Place[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) => textsOf([...path, key], one));
}

/** The same value with other texts at these places inside it; what `change` leaves undefined stays. */
export function withTexts<Value extends object>(
  value: Value,
  places: readonly Place[],
  change: (text: string) => string | undefined,
): Value {
  const copy = structuredClone(value);
  for (const { path, text } of places) {
    let around = copy as Record<string | number, unknown>;
    for (const key of path.slice(0, -1)) around = around[key] as Record<string | number, unknown>;
    around[path.at(-1) ?? ''] = change(text) ?? text;
  }
  return copy;
}
