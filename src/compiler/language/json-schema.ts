import { z } from 'zod';
import { environment, environmentName } from '../../spec/environment.ts';
import { name } from '../../spec/names.ts';
import { pipeline } from '../../spec/pipeline.ts';
import { source } from '../../spec/source.ts';
import { spec } from '../../spec/spec.ts';

/** As much of JSON Schema as is looked at here. */
export interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  $ref?: string;
  [keyword: string]: unknown;
}

/**
 * The language as JSON Schema, draft 7, which editors read. Of one file of a spec: the others may hold what it lacks,
 * so nothing is required at the top.
 */
export function languageSchema(): Schema {
  const root = convert(spec);
  const whole = convert(environment);
  const own = convert(pipeline);
  const { version, include, policy, rules, secrets, sources, environments, defaults, pipelines } =
    root.properties ?? {};
  const overrides = {
    ...whole.properties?.overrides,
    propertyNames: convert(name),
    additionalProperties: { $ref: '#/definitions/pipeline_override' },
  };
  const extending = loose(whole);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'pipegen',
    description: 'A spec of pipelines, or one file of it.',
    type: 'object',
    additionalProperties: false,
    properties: {
      version: { ...version },
      include: { ...include, examples: [['pipelines/*.yaml']] },
      policy: { ...policy },
      rules: { ...rules, examples: [['rules/*.ts']] },
      secrets: { ...secrets, examples: [{ api_key: 'API_KEY' }] },
      sources: { ...sources, additionalProperties: { $ref: '#/definitions/source' } },
      environments: {
        ...environments,
        propertyNames: convert(environmentName),
        additionalProperties: {
          if: { required: ['extends'] },
          // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
          then: { $ref: '#/definitions/environment_that_extends' },
          else: { $ref: '#/definitions/environment' },
        },
      },
      defaults: { ...defaults },
      pipelines: { ...pipelines, additionalProperties: { $ref: '#/definitions/pipeline' } },
    },
    definitions: {
      source: convert(source),
      environment: { ...whole, properties: { ...whole.properties, overrides } },
      environment_that_extends: {
        ...extending,
        properties: {
          extends: { ...convert(environmentName), description: EXTENDS },
          ...extending.properties,
          overrides,
        },
      },
      pipeline: own,
      pipeline_override: loose(own),
    },
  };
}

const EXTENDS = 'The environment that this one takes as its base, map by map; null takes a key away.';

function convert(schema: z.ZodType): Schema {
  const converted = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // JSON Schema has no flags: a pattern that needs them would refuse what is right.
      const { checks = [] } = zodSchema._zod.def as { checks?: { _zod: { def: { pattern?: RegExp } } }[] };
      const flagged = checks.some(({ _zod: { def } }) => /[im]/.test(def.pattern?.flags ?? ''));
      if (flagged) delete jsonSchema.pattern;
    },
  }) as Schema;
  delete converted.$schema;
  return inlined(converted);
}

/** A plain value of any depth is the only type that refers to itself: the schema lets it be anything. */
function inlined(schema: Schema): Schema {
  const { definitions: _, ...rest } = schema;
  return mapped(rest, ({ $ref, ...one }) => ($ref === undefined ? one : anything(one)));
}

function anything({ description }: Schema): Schema {
  return description === undefined ? {} : { description };
}

/** What lies over another value: nothing is required, and null takes a key away. */
function loose(schema: Schema): Schema {
  return mapped(schema, ({ required: _, oneOf, properties, ...rest }) => ({
    ...rest,
    ...(oneOf === undefined ? {} : { anyOf: oneOf.map((option) => withoutThoseOf(oneOf, option)) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties, orNull) }),
  }));
}

/** What lies over a value of another kind takes the keys away that only the other has. */
function withoutThoseOf(options: readonly Schema[], option: Schema): Schema {
  if (option.properties === undefined) return option;
  const others = options.flatMap(({ properties = {} }) => Object.keys(properties));
  const gone = { type: 'null', description: 'Of another kind: null takes it away.' };
  const absent = others.filter((key) => !Object.hasOwn(option.properties ?? {}, key));
  return {
    ...option,
    properties: { ...option.properties, ...Object.fromEntries(absent.map((key) => [key, gone])) },
  };
}

function orNull(schema: Schema): Schema {
  const { description, ...rest } = schema;
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, { type: 'null' }] };
}

/** The schema and all within it, from the inside out. */
function mapped(schema: Schema, change: (one: Schema) => Schema): Schema {
  const inside = (one: Schema) => mapped(one, change);
  const { properties, additionalProperties, items, anyOf, oneOf, propertyNames, ...rest } = schema;
  return change({
    ...rest,
    ...(properties === undefined ? {} : { properties: mapValues(properties, inside) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: inside(additionalProperties) }
      : additionalProperties === undefined
        ? {}
        : { additionalProperties }),
    ...(propertyNames === undefined ? {} : { propertyNames: inside(propertyNames) }),
    ...(items === undefined ? {} : { items: inside(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(inside) }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(inside) }),
  });
}

function mapValues<In, Out>(values: Record<string, In>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
