import { resolve } from 'node:path';
import { type CompileInput, check } from '../../compiler/compile.ts';
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
}

/** Checks what was read of a project. */
export function lookAt(files: ProjectFiles & Pick<CompileInput, 'known'>): Looked {
  const { spec, findings, texts } = check(files);
  const textOf: TextOf = (file) => texts.get(file);
  if (spec === undefined) return { findings, textOf };
  const size = { pipelines: spec.pipelineNames.length, environments: spec.environments.length };
  return { findings, textOf, size };
}

/**
 * Reads and checks a spec.
 * @param instead texts in the place of what files hold, by the files' names as places have them
 */
export function look(project: Project, instead: ReadonlyMap<string, string> = new Map()): Looked {
  const files = readProject(project);
  if (isFinding(files)) return { findings: [files], textOf: () => undefined };
  if (instead.size === 0) return lookAt(files);
  const replaced = new Map([...instead].map(([file, text]) => [resolve(file), Buffer.from(text)]));
  return lookAt({
    ...files,
    bytes: replaced.get(project.path) ?? files.bytes,
    readIncluded: (pattern) =>
      (files.readIncluded?.(pattern) ?? []).map((one) => {
        const content = replaced.get(resolve(project.home, one.path));
        return content === undefined ? one : { ...one, content };
      }),
  });
}
