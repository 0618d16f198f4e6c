import { EXPLANATIONS, SILENCEABLE } from '../explain/explanations.ts';
import type { Schema } from './json-schema.ts';

/** The schema with the rules that `policy.severity` may weigh, for editors to propose; a project's own are others. */
export function withRuleNames(schema: Schema): Schema {
  const { policy } = schema.properties ?? {};
  const { severity } = policy?.properties ?? {};
  if (policy === undefined || typeof severity?.additionalProperties !== 'object') return schema;
  const { additionalProperties: change } = severity;
  const properties = Object.fromEntries(
    SILENCEABLE.map((name) => [name, { ...change, description: EXPLANATIONS.get(name)?.why ?? '' }]),
  );
  return {
    ...schema,
    properties: {
      ...schema.properties,
      policy: { ...policy, properties: { ...policy.properties, severity: { ...severity, properties } } },
    },
  };
}
