import type { DagDefinition, GeneratedFile } from '../dag.ts';
import { grants } from './grants.ts';
import { compute, database, externalStage, integration, resourceMonitor } from './places.ts';
import { roles } from './roles.ts';
import { type SnowflakeSetup, setupOf } from './setup.ts';
import { printSqlFile, type SqlFile } from './sql-file.ts';
import { tables } from './tables.ts';

/**
 * `<environment>/snowflake/<n>-<name>.sql`: all that has to be there in the account, in the order of running. No
 * files where the warehouse is another. Holds no secret.
 * @param dags of one environment
 */
export function snowflakeFiles(dags: readonly DagDefinition[]): GeneratedFile[] {
  const setup = setupOf(dags);
  if (setup === undefined) return [];
  const files = sqlFiles(setup);
  return files.map((file, index) => printSqlFile(setup, file, index + 1, files.length));
}

/** In the order of running: each needs what those before it make. */
export function sqlFiles(setup: SnowflakeSetup): SqlFile[] {
  const { stage } = setup;
  return [
    roles(setup),
    compute(setup),
    database(setup),
    ...(stage === undefined ? [] : [integration(stage), externalStage(setup, stage)]),
    grants(setup),
    ...(setup.tables.length === 0 ? [] : [tables(setup)]),
    resourceMonitor(setup),
  ];
}
