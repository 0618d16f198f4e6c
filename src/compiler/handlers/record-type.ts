import type { ResolvedPipeline } from '../resolved.ts';
import { typeName } from './type-name.ts';

/** Fields of a record, one inside the other. */
type Fields = Map<string, Fields>;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * The record that a source handler yields, as far as `from` of the columns tells: without a transform these are all
 * fields that are read. Undefined where a transform reads them, which says itself what it takes.
 */
export function recordType(name: string, pipelines: readonly ResolvedPipeline[]): string | undefined {
  const root: Fields = new Map();
  for (const { settings, extractSource } of pipelines) {
    if (extractSource?.kind !== 'handler' || settings.transform !== undefined) continue;
    for (const [column, { from = column }] of Object.entries(settings.columns ?? {})) {
      for (const path of typeof from === 'string' ? [from] : from) add(root, stepsOf(path));
    }
  }
  if (root.size === 0) return undefined;
  return `/** A record of which the columns of "${name}" are made. */
export type ${typeName(name, 'Record')} = ${print(root, '')};
`;
}

function stepsOf(path: string): string[] {
  if (!path.startsWith('/')) return path.split('.');
  return path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function add(fields: Fields, [step, ...rest]: readonly string[]): void {
  if (step === undefined) return;
  const inner = fields.get(step) ?? new Map();
  fields.set(step, inner);
  add(inner, rest);
}

/** Steps that are numbers are places of a list, whose items are all of one kind. */
function print(fields: Fields, indent: string): string {
  if ([...fields.keys()].every((step) => /^\d+$/.test(step))) {
    const item: Fields = new Map([...fields.values()].flatMap((inner) => [...inner]));
    return item.size === 0 ? 'readonly unknown[]' : `readonly ${print(item, indent)}[]`;
  }
  const lines = [...fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => {
      const key = IDENTIFIER.test(name) ? name : quoted(name);
      return `${indent}  readonly ${key}?: ${inner.size === 0 ? 'unknown' : print(inner, `${indent}  `)};\n`;
    });
  return `{\n${lines.join('')}${indent}}`;
}

/** As Biome would: with single quotes, unless it holds more of them than of the others. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (text.includes("'")) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"')}'`;
}
