import type { z } from 'zod';
import { isMapping } from './layers.ts';
import type { Path } from './source-file.ts';

type Definition = {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  valueType?: z.ZodType;
  element?: z.ZodType;
  options?: z.ZodType[];
  discriminator?: string;
  in?: z.ZodType;
  values?: unknown[];
};

function definition(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

/** The keys that the schema knows at a path of the value; empty where any or none may stand. */
export function knownKeys(schema: z.ZodType, path: Path, value: unknown): string[] {
  const found = schemaAt(schema, path, value);
  return found === undefined ? [] : Object.keys(definition(found).shape ?? {});
}

/** What the schema says of a path of the value. */
export function schemaAt(schema: z.ZodType, path: Path, value: unknown): z.ZodType | undefined {
  const {
    type,
    shape,
    innerType,
    valueType,
    element,
    options,
    discriminator,
    in: input,
  } = definition(schema);
  if (innerType !== undefined) return schemaAt(innerType, path, value);
  if (type === 'pipe' && input !== undefined) return schemaAt(input, path, value);
  if (type === 'union' && options !== undefined) {
    const option = options.find((one) => discriminator === undefined || accepts(one, discriminator, value));
    return option === undefined ? undefined : schemaAt(option, path, value);
  }
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const inner = shape?.[String(step)] ?? valueType ?? element;
  const next = Array.isArray(value)
    ? value[Number(step)]
    : isMapping(value)
      ? value[String(step)]
      : undefined;
  return inner === undefined ? undefined : schemaAt(inner, rest, next);
}

function accepts(option: z.ZodType, discriminator: string, value: unknown): boolean {
  const literal = definition(option).shape?.[discriminator];
  if (literal === undefined || !isMapping(value)) return false;
  const chosen = value[discriminator];
  const { innerType } = definition(literal);
  // An optional one is what is meant where nothing is said.
  if (innerType !== undefined && chosen === undefined) return true;
  return definition(innerType ?? literal).values?.includes(chosen) ?? false;
}
