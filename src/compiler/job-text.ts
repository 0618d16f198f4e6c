/** Columns of the generated file: wider is broken over lines. */
const WIDTH = 108;
/** Characters of `[]` and `{}`. */
const EMPTY = 2;

/**
 * A job as the JSON that a person reads in the DAG and in Airflow's rendered view: what fits stays on one line.
 * Inside its strings, what Jinja (`{{`, `{%`, `{#`) or Kubernetes (`$(NAME)`, `$$`) would take for its own is
 * escaped the way JSON has for it, so the text arrives as it was and still parses to the same job.
 */
export function printJob(value: unknown): string {
  return print(value, '', 0);
}

function print(value: unknown, indent: string, used: number): string {
  if (value === null || typeof value !== 'object') return scalar(value);
  // The map around all is never on one line, unless it is empty.
  const outermost = indent === '' && !Array.isArray(value);
  const flat = printFlat(value, outermost ? EMPTY : Math.max(EMPTY, WIDTH - indent.length - used));
  if (flat !== undefined) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((one) => `${inner}${print(one, inner, 1)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const items = entries(value).map(([key, one]) => {
    const head = `${string(key)}: `;
    return `${inner}${head}${print(one, inner, head.length + 1)}`;
  });
  return `{\n${items.join(',\n')}\n${indent}}`;
}

/** On one line, if it has at most `room` characters. Gives up as soon as it has more: most of a job is wider. */
function printFlat(value: unknown, room: number): string | undefined {
  if (value === null || typeof value !== 'object') {
    const text = scalar(value);
    return text.length > room ? undefined : text;
  }
  const list = Array.isArray(value);
  const members = list ? value.map((one) => ['', one] as const) : entries(value);
  if (members.length === 0) return room < EMPTY ? undefined : list ? '[]' : '{}';
  const items: string[] = [];
  let left = room - (list ? '[]' : '{  }').length;
  for (const [key, one] of members) {
    const head = list ? '' : `${string(key)}: `;
    const item = printFlat(one, left - head.length);
    if (item === undefined) return undefined;
    items.push(head + item);
    left -= head.length + item.length + ', '.length;
  }
  return list ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`;
}

function entries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, one]) => one !== undefined);
}

function scalar(value: unknown): string {
  return typeof value === 'string' ? string(value) : JSON.stringify(value);
}

function string(text: string): string {
  const json = JSON.stringify(text);
  if (!json.includes('{') && !json.includes('$')) return json;
  return json.replace(/\{(?=[{%#])/g, '\\u007b').replace(/\$(?=[$(])/g, '\\u0024');
}
