import { type Expression, layout } from './expression.ts';
import { type Fragment, type Import, LINE_LENGTH, type Python, python } from './python.ts';

/** `NAME = value`, with a comment above where there is one. */
export function assign(variable: string, value: Expression, comment?: readonly string[]): Fragment {
  const lines = (comment ?? []).map((line) => `# ${line}\n`).join('');
  const head = `${variable} = `;
  return { source: python(lines + head + layout(value, 0, head.length)), imports: value.imports };
}

/** The same inside a block, four spaces in. */
export function assignInside(variable: string, value: Expression): Fragment {
  const head = `${variable} = `;
  return { source: python(head + layout(value, 4, 4 + head.length)), imports: value.imports };
}

/** `from … import …` of everything that the fragments need, in the order of `ruff check --select I`. */
export function importBlock(needed: readonly Import[], standardLibrary: ReadonlySet<string>): Python {
  const modules = new Map<string, Map<string, Import>>();
  for (const one of needed) {
    const names = modules.get(one.module) ?? new Map<string, Import>();
    modules.set(one.module, names.set(one.name, one));
  }
  const isStandard = (module: string) => standardLibrary.has(module.split('.')[0] ?? '');
  const section = (standard: boolean) =>
    [...modules.keys()]
      .filter((module) => isStandard(module) === standard)
      .sort()
      .map((module) => importLine(module, [...(modules.get(module)?.values() ?? [])]))
      .join('\n');
  return python([section(true), section(false)].filter((lines) => lines !== '').join('\n\n'));
}

function importLine(module: string, names: readonly Import[]): string {
  const clauses = [...names]
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1))
    .map((one) => (one.alias === undefined ? one.name : `${one.name} as ${one.alias}`));
  const line = `from ${module} import ${clauses.join(', ')}`;
  if (line.length <= LINE_LENGTH) return line;
  return `from ${module} import (\n${clauses.map((one) => `    ${one},\n`).join('')})`;
}

/** Constants before classes before the rest, as isort's `order-by-type`. */
function rank(identifier: string): number {
  if (/^[A-Z][A-Z0-9_]+$/.test(identifier)) return 0;
  return /^[A-Z]/.test(identifier) ? 1 : 2;
}
