/** Columns of the generated file: wider is broken over lines. */
const WIDTH = 108;

/**
 * A job as the JSON that a person reads in the DAG and in Airflow's rendered view: what fits stays on one line.
 * Inside its strings, what Jinja (`{{`, `{%`, `{#`) or Kubernetes (`$(NAME)`, `$$`) would take for its own is
 * escaped the way JSON has for it, so the text arrives as it was and still parses to the same job.
 */
export function printJob(value: unknown): string {
  return print(value, '', 0);
}

function print(value: unknown, indent: string, used: number): string {
  const flat = printFlat(value);
  if (indent.length + used + flat.length <= WIDTH && !(indent === '' && flat.startsWith('{'))) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value) && value.length > 0) {
    const items = value.map((one) => `${inner}${print(one, inner, 1)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    const items = entries(value).map(([key, one]) => {
      const head = `${string(key)}: `;
      return `${inner}${head}${print(one, inner, head.length + 1)}`;
    });
    return `{\n${items.join(',\n')}\n${indent}}`;
  }
  return flat;
}

function printFlat(value: unknown): string {
  if (typeof value === 'string') return string(value);
  if (Array.isArray(value)) return `[${value.map(printFlat).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const items = entries(value).map(([key, one]) => `${string(key)}: ${printFlat(one)}`);
    return items.length === 0 ? '{}' : `{ ${items.join(', ')} }`;
  }
  return JSON.stringify(value);
}

function entries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, one]) => one !== undefined);
}

function string(text: string): string {
  return JSON.stringify(text)
    .replace(/\{(?=[{%#])/g, '\\u007b')
    .replace(/\$(?=[$(])/g, '\\u0024');
}
