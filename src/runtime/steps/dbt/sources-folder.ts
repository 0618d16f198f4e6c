import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { StepContext } from '../../context.ts';
import { configuration } from '../../errors.ts';

/** The variable by which a project's `model-paths` name the folder of the generated source. */
const VARIABLE = 'PIPEGEN_DBT_SOURCES';

/**
 * The generated source for the project: of whoever started the step, else what a build has left. It is named relative
 * to the project: dbt appends it to its target folder for what it compiles, and so would write into the source itself
 * were it absolute. Fails where the project asks for it and it is not there: the source of another environment, which
 * may be beside the project, must not take its place.
 */
export function sourcesVariable(
  { home, job, environment }: Pick<StepContext, 'home' | 'job' | 'environment'>,
  project: string,
): Readonly<Record<string, string>> {
  const chosen = environment[VARIABLE];
  const folder = chosen ? resolve(project, chosen) : join(home, 'generated', job.environment, 'dbt');
  if (!existsSync(folder)) {
    if (!readFileSync(join(project, 'dbt_project.yml'), 'utf8').includes(VARIABLE)) return {};
    throw configuration(
      `dbt_project.yml reads the generated source by ${VARIABLE}, and ${folder} is not there: run \`pipegen build\`, and put generated/${job.environment}/dbt where PIPEGEN_HOME is`,
    );
  }
  return { [VARIABLE]: relative(realpathSync(project), realpathSync(folder)) };
}

/** A target folder below `folder` that is so deep that no way up out of the project leads out of `folder`. */
export async function targetFolder(
  folder: string,
  sources: Readonly<Record<string, string>>,
): Promise<string> {
  const up = (sources[VARIABLE] ?? '').split('/').filter((segment) => segment === '..');
  const target = join(folder, ...up.map(() => 'target'));
  await mkdir(target, { recursive: true });
  return target;
}
