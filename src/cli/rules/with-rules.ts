import { createHash } from 'node:crypto';
import type { CompileInput } from '../../compiler/compile.ts';
import { type RuleEntry, ruleEntries } from '../../compiler/custom-rules/rule-entries.ts';
import { isRuleFile, type RuleFile, type RuleFiles } from '../../compiler/custom-rules/rule-file.ts';
import type { IncludedFile } from '../../compiler/include.ts';
import { type ReadSpec, readSpec } from '../../compiler/read-spec.ts';
import { readGraph } from '../../handlers/module-graph.ts';
import type { ProjectFiles } from '../project.ts';
import { importRule } from './import-rule.ts';

export interface Ruled extends ProjectFiles {
  readonly read: ReadSpec;
  readonly ruleFiles: RuleFiles;
  /** Whether what the rules say depends on nothing but the files that were asked for. */
  readonly isSelfContained: boolean;
}

/**
 * Reads a spec and imports the rules that it names, each with the files that it imports asked for by `readText`, so
 * that whoever remembers the questions knows when to ask again. Never fails: what can't be used is said by a finding.
 *
 * @param home folder of the project, absolute
 */
export async function withRules(
  files: ProjectFiles & Pick<CompileInput, 'known'>,
  home: string,
): Promise<Ruled> {
  const read = readSpec(files);
  let isSelfContained = true;
  const load = async ({ path, content }: IncludedFile): Promise<RuleFile> => {
    if (content === 'outside') return unusable(path, 'is a link that leads out of the folder of the spec');
    if (content === 'unreadable') return unusable(path, 'can’t be read');
    const graph = readGraph(path, files.readText);
    if (graph.foreign.some((one) => one !== OWN)) isSelfContained = false;
    const [problem] = graph.problems;
    if (problem !== undefined) return { path, loaded: { problem: problem.message, help: problem.help } };
    const version = createHash('sha256').update(JSON.stringify(graph.files)).digest('hex').slice(0, 16);
    return { path, loaded: await importRule(home, path, version) };
  };
  const patterns = new Set(ruleEntries(read.files).flatMap(({ pattern }: RuleEntry) => pattern ?? []));
  const ruleFiles = new Map<string, readonly RuleFile[]>();
  for (const pattern of patterns) {
    const found = (files.readIncluded?.(pattern) ?? [])
      .filter(({ path }) => isRuleFile(path))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    ruleFiles.set(pattern, await Promise.all(found.map(load)));
  }
  return { ...files, read, ruleFiles, isSelfContained };
}

const OWN = 'pipegen/rules';

function unusable(path: string, what: string): RuleFile {
  return { path, loaded: { problem: `${path} ${what}`, help: 'let it be a file that lies there' } };
}
