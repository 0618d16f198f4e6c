import { type Checked, check, hasErrors } from '../compiler/compile.ts';
import type { ResolvedSpec } from '../compiler/resolved.ts';
import { openProject } from './open-project.ts';
import { printFindings } from './print.ts';
import { isFinding, type Project } from './project.ts';

/** Reads and lints a spec, prints what is found; the spec only when it has no error. */
export async function checkSpec(
  project: Project,
): Promise<{ spec?: ResolvedSpec; findings: Checked['findings'] }> {
  const input = await openProject(project);
  if (isFinding(input)) {
    printFindings([input], new Map());
    return { findings: [input] };
  }
  const { spec, findings, texts } = check(input);
  printFindings(findings, texts);
  return spec === undefined || hasErrors(findings) ? { findings } : { spec, findings };
}
