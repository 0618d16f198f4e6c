import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { configuration } from '../../errors.ts';

/** Where models go that name no schema of their own: beside the raw tables, never among them. */
const MODEL_SCHEMA = 'analytics';

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

/** Writes `profiles.yml` for a DuckDB file (absolute path) into the folder. */
export async function writeDuckdbProfile(folder: string, name: string, path: string): Promise<void> {
  const output = { type: 'duckdb', path, schema: MODEL_SCHEMA, threads: 2, settings: { TimeZone: 'UTC' } };
  const profiles = { [name]: { target: 'pipegen', outputs: { pipegen: output } } };
  await writeFile(join(folder, 'profiles.yml'), stringify(profiles));
}
