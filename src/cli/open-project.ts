import type { Finding } from '../compiler/finding.ts';
import { isFinding, type Project, readProject } from './project.ts';
import { type Ruled, withRules } from './rules/with-rules.ts';

/** All that the compiler needs of a project, its own rules loaded; a finding where the spec can't be read. */
export async function openProject(project: Project): Promise<Ruled | Finding> {
  const read = readProject(project);
  return isFinding(read) ? read : withRules(read, project.home);
}
