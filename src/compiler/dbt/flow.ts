/** What PyYAML does not take as it is inside double quotes, or takes for the end of a line. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * A value on one line of YAML. Keys are words of dbt's; texts are quoted, so that none is taken for something else. By
 * hand, since a library takes seconds for the tables of a thousand pipelines.
 */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, one]) => `${key}: ${flow(one)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return JSON.stringify(value).replace(
    UNPRINTABLE,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Lines of a map: its lists with a line for each member, all else on one. */
export function lines(value: object, indent: string): string[] {
  return Object.entries(value).flatMap(([key, one]) =>
    Array.isArray(one)
      ? [`${indent}${key}:`, ...one.map((member) => `${indent}  - ${flow(member)}`)]
      : [`${indent}${key}: ${flow(one)}`],
  );
}

/** The same as a member of a list. */
export function member(value: object, indent: string): string[] {
  const [first = '', ...rest] = lines(value, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}
