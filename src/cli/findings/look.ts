import { resolve } from 'node:path';
import { type CompileInput, check } from '../../compiler/compile.ts';
import type { CustomRule } from '../../compiler/custom-rules/custom-rules.ts';
import type { Explanation } from '../../compiler/explain/explanation.ts';
import type { Finding } from '../../compiler/finding.ts';
import type { TextOf } from '../../compiler/reporters/pretty.ts';
import { isFinding, type Project, type ProjectFiles, readProject } from '../project.ts';

/** What is found in a spec. */
export interface Looked {
  readonly findings: readonly Finding[];
  /** The text that a place points into. */
  readonly textOf: TextOf;
  /** How much there is, where the spec could be read so far. */
  readonly size?: { readonly pipelines: number; readonly environments: number };
  /** What rules of the project say of themselves, those that found something. */
  readonly rules?: readonly Explanation[];
}

/** Checks what was read of a project. */
export function lookAt(files: ProjectFiles & Pick<CompileInput, 'read' | 'ruleFiles'>): Looked {
  const { spec, findings, texts, customRules } = check(files);
  const textOf: TextOf = (file) => texts.get(file);
  const rules = explanationsOf(customRules, findings);
  const looked = { findings, textOf, ...(rules.length === 0 ? {} : { rules }) };
  if (spec === undefined) return looked;
  const size = { pipelines: spec.pipelineNames.length, environments: spec.environments.length };
  return { ...looked, size };
}

/**
 * Reads and checks a spec.
 * @param ruleFiles what its `rules` name, loaded
 * @param instead texts in the place of what files hold, by the files' names as places have them
 */
export function look(
  project: Project,
  ruleFiles: CompileInput['ruleFiles'],
  instead: ReadonlyMap<string, string> = new Map(),
): Looked {
  const files = readProject(project);
  if (isFinding(files)) return { findings: [files], textOf: () => undefined };
  if (instead.size === 0) return lookAt({ ...files, ruleFiles });
  const replaced = new Map([...instead].map(([file, text]) => [resolve(file), Buffer.from(text)]));
  return lookAt({
    ...files,
    ruleFiles,
    bytes: replaced.get(project.path) ?? files.bytes,
    readIncluded: (pattern) =>
      (files.readIncluded?.(pattern) ?? []).map((one) => {
        const content = replaced.get(resolve(project.home, one.path));
        return content === undefined ? one : { ...one, content };
      }),
  });
}

/** As plain data, without what checks: it is kept in files. */
function explanationsOf(rules: readonly CustomRule[], findings: readonly Finding[]): Explanation[] {
  const names = new Set(findings.map(({ name }) => name));
  return rules
    .filter(({ rule }) => names.has(rule.name))
    .map(({ rule: { name, severity, category, why, bad, good } }) => {
      return { name, severity, category, why, bad, good };
    });
}
