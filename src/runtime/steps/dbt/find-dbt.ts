import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { configuration } from '../../errors.ts';

/** The dbt to run: `PIPEGEN_DBT`, else the project's own environment `.venv/dbt`, else the first on `PATH`. */
export function findDbt(home: string, environment: NodeJS.ProcessEnv): string {
  const { PIPEGEN_DBT: chosen, PATH: path = '' } = environment;
  if (chosen) {
    const executable = resolve(home, chosen);
    if (isExecutable(executable)) return executable;
    throw configuration(
      `PIPEGEN_DBT is ${chosen}, and ${executable} is no program: set it to the path of dbt`,
    );
  }
  const own = join(home, '.venv/dbt/bin/dbt');
  const onPath = path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'dbt'));
  const found = [own, ...onPath].find(isExecutable);
  if (found !== undefined) return found;
  if (environment.PIPEGEN_IMAGE === 'slim') {
    throw configuration(
      'this is the slim image, which has no dbt: run the pod of dbt with the full one, `make image` without TARGET=slim',
    );
  }
  throw configuration(
    `dbt was not found: neither ${own} nor on PATH. Install dbt-core with dbt-duckdb or dbt-snowflake there, or set PIPEGEN_DBT to its path`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
