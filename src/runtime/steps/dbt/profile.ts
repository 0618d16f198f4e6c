import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { MODEL_SCHEMA } from '../../../warehouse-tables/models.ts';
import { waitForFile } from '../../adapters/duckdb/open-file.ts';
import type { StepContext } from '../../context.ts';
import { configuration } from '../../errors.ts';

/** Where dbt is to work: an output of a profile, and the variables with the secrets that it refers to. */
export interface DbtTarget {
  readonly output: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** Name of the profile that the project asks for. */
export async function profileName(project: string): Promise<string> {
  const path = join(project, 'dbt_project.yml');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw configuration(`${path} can't be read: set dbt.project to the folder of a dbt project`, error);
  });
  let settings: unknown;
  try {
    settings = parse(text);
  } catch (error) {
    throw configuration(`${path} is no YAML: ${(error as Error).message.split('\n')[0]}`, error);
  }
  const name = settings !== null && typeof settings === 'object' && 'profile' in settings && settings.profile;
  if (typeof name === 'string' && name !== '') return name;
  throw configuration(`${path} names no profile: add the line "profile: pipegen"`);
}

/** The environment's warehouse, ready for dbt, with the credentials that load has too. */
export async function openTarget(context: StepContext, folder: string): Promise<DbtTarget> {
  const { job, home, signal, log } = context;
  const { warehouse } = job;
  if (warehouse.kind === 'snowflake') {
    const { snowflakeTarget } = await import('./snowflake-target.ts');
    return snowflakeTarget(context, warehouse, folder);
  }
  const path = resolve(home, warehouse.path);
  // dbt itself does not wait for a lock.
  await waitForFile({ path, scratch: folder, signal, log });
  const output = { type: 'duckdb', path, schema: MODEL_SCHEMA, threads: 2, settings: { TimeZone: 'UTC' } };
  return { output, environment: {} };
}

/** Writes `profiles.yml` into the folder: no secret is in it. */
export async function writeProfile(folder: string, name: string, { output }: DbtTarget): Promise<void> {
  const profiles = { [name]: { target: 'pipegen', outputs: { pipegen: output } } };
  await writeFile(join(folder, 'profiles.yml'), stringify(profiles));
}
