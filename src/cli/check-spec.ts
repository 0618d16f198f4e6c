import { type Checked, check, hasErrors } from '../compiler/compile.ts';
import type { ResolvedSpec } from '../compiler/resolved.ts';
import { printFindings } from './print.ts';
import { isFinding, type Project, readProject } from './project.ts';

/** Reads and lints a spec, prints what is found; the spec only when it has no error. */
export function checkSpec(project: Project): { spec?: ResolvedSpec; findings: Checked['findings'] } {
  const input = readProject(project);
  if (isFinding(input)) {
    printFindings([input], new Map());
    return { findings: [input] };
  }
  const { spec, findings, texts } = check(input);
  printFindings(findings, texts);
  return spec === undefined || hasErrors(findings) ? { findings } : { spec, findings };
}
