import { type Alias, isAlias, isCollection, isPair, type Node } from 'yaml';
import type { Finding } from './finding.ts';

/**
 * Nodes that all aliases together may stand for. Ten thousand pipelines with a hundred each are as many; a bomb of ten
 * lines has billions.
 */
const MAX_EXPANDED = 1_000_000;

/**
 * Aliases that stand for themselves, or for more than could be read.
 * @param targets what each alias of the tree stands for, in the order of the text
 */
export function aliasFindings(
  file: string,
  contents: Node | null,
  targets: ReadonlyMap<Alias, Node>,
): Finding[] {
  if (targets.size === 0) return [];
  const findings: Finding[] = [];
  const find = (alias: Alias, name: string, message: string, help: string) => {
    const [start = 0, end = start] = alias.range ?? [];
    findings.push({ name, severity: 'error', message, at: { file, start, end }, help });
  };
  const sizes = new Map<Node, number>();
  const open = new Set<Node>();
  const sizeOf = (node: unknown): number => {
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    if (isAlias(node)) {
      const target = targets.get(node);
      if (target === undefined) return 1;
      if (open.has(target)) {
        const help = 'write out what is meant, or name another anchor';
        find(node, 'recursive-alias', `*${node.source} stands inside of what &${node.source} names`, help);
        return 1;
      }
      return sizeOf(target);
    }
    if (!isCollection(node)) return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    open.add(node);
    const size = node.items.reduce<number>((sum, item) => sum + sizeOf(item), 1);
    open.delete(node);
    sizes.set(node, size);
    return size;
  };
  sizeOf(contents);
  if (findings.length > 0) return findings;

  let expanded = 0;
  for (const alias of targets.keys()) {
    expanded += sizeOf(alias);
    if (expanded <= MAX_EXPANDED) continue;
    const message = `the aliases up to here stand for more than ${MAX_EXPANDED.toLocaleString('en')} values`;
    find(alias, 'too-many-aliases', message, 'use fewer of them, none within another');
    break;
  }
  return findings;
}
