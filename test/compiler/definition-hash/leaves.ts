import type { z } from 'zod';

type Definition = {
  type: string;
  shape?: Record<string, z.ZodType>;
  catchall?: z.ZodType;
  innerType?: z.ZodType;
  valueType?: z.ZodType;
  element?: z.ZodType;
  options?: z.ZodType[];
  discriminator?: string;
  in?: z.ZodType;
  values?: unknown[];
};

/**
 * Every value that a spec can hold at the bottom of this schema, as a path: `checks[].row_count.min`, `query.*`,
 * `launcher<process>.command`. What has only one possible value is none.
 */
export function leavesOf(schema: z.ZodType, path: string): string[] {
  const def = schema._zod.def as unknown as Definition;
  if (def.innerType !== undefined) return leavesOf(def.innerType, path);
  if (def.type === 'pipe' && def.in !== undefined) return leavesOf(def.in, path);
  if (def.type === 'literal' && def.values?.length === 1) return [];
  if (def.shape !== undefined) {
    const known = Object.entries(def.shape).flatMap(([key, one]) => leavesOf(one, `${path}.${key}`));
    const more =
      def.catchall === undefined || isNever(def.catchall) ? [] : leavesOf(def.catchall, `${path}.*`);
    return [...known, ...more];
  }
  if (def.valueType !== undefined) return leavesOf(def.valueType, `${path}.*`);
  if (def.element !== undefined) return leavesOf(def.element, `${path}[]`);
  if (def.discriminator !== undefined) {
    const { discriminator } = def;
    return (def.options ?? []).flatMap((option) => {
      const { shape } = option._zod.def as unknown as Definition;
      const kind = shape?.[discriminator];
      return leavesOf(option, `${path}<${kind === undefined ? '' : onlyValue(kind)}>`);
    });
  }
  return [path];
}

function onlyValue(schema: z.ZodType): string {
  const { innerType, values } = schema._zod.def as unknown as Definition;
  return innerType === undefined ? String(values?.[0]) : onlyValue(innerType);
}

function isNever(schema: z.ZodType): boolean {
  return (schema._zod.def as unknown as Definition).type === 'never';
}

/** The places in a value at which a path of `leavesOf` stands; `kind` or `runner` tells the options of a union apart. */
export function placesOf(value: unknown, path: string): (string | number)[][] {
  return walk(value, path.match(/<[^>]*>|\[\]|\*|[^.<[\]]+/g) ?? []);
}

function walk(value: unknown, segments: readonly string[]): (string | number)[][] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return value === undefined ? [] : [[]];
  if (value === null || typeof value !== 'object') return [];
  if (segment.startsWith('<')) {
    const { kind, runner } = value as { kind?: string; runner?: string };
    return [kind, runner].includes(segment.slice(1, -1)) ? walk(value, rest) : [];
  }
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  const wild = segment === '*' || segment === '[]';
  return entries
    .filter(([key]) => wild || key === segment)
    .flatMap(([key, one]) => walk(one, rest).map((below) => [key, ...below]));
}
