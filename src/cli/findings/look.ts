import { check } from '../../compiler/compile.ts';
import type { Finding } from '../../compiler/finding.ts';
import { isFinding, type Project } from '../project.ts';
import { type Reading, startReading } from './reading.ts';

/** What is found in a spec, and what was read for it. */
export interface Looked extends Pick<Reading, 'textOf' | 'touched'> {
  readonly findings: readonly Finding[];
  /** How much there is, where the spec could be read so far. */
  readonly size?: { readonly pipelines: number; readonly environments: number };
}

/**
 * Reads and checks a spec.
 * @param instead texts in the place of what files hold, by the files' names as places have them
 */
export function look(project: Project, instead?: ReadonlyMap<string, string>): Looked {
  const { input, textOf, touched } = startReading(project, instead);
  if (isFinding(input)) return { findings: [input], textOf, touched };
  const { spec, findings } = check(input);
  if (spec === undefined) return { findings, textOf, touched };
  const size = { pipelines: spec.pipelineNames.length, environments: spec.environments.length };
  return { findings, textOf, touched, size };
}
