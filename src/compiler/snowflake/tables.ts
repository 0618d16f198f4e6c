import { snowflakeIdentifier as identifier } from '../../warehouse-tables/snowflake.ts';
import type { SetupTable, SnowflakeSetup } from './setup.ts';
import { qualified, type SqlFile } from './sql-file.ts';

/** The same as the first load makes, for whoever wants to look at or build on a table before that. */
export function tables({ database, schema, tables, roles }: SnowflakeSetup): SqlFile {
  return {
    name: 'tables',
    makes: 'the tables, still empty',
    role: roles.loader,
    notes: [
      'The role of the load owns its tables: it adds the columns that the spec gets. A load makes what is missing',
      'here. Whoever has SYSADMIN may take this role.',
    ],
    statements: tables.map((table) => create([database, schema, table.name], table)),
  };
}

function create(place: readonly string[], { columns, comment }: SetupTable): string {
  const lines = columns.map(([name, type]) => `  ${identifier(name)} ${type}`);
  // Names only, in a comment of SQL: Snowflake keeps none, so that the table is the one that a load makes.
  return `-- ${comment}\nCREATE TABLE IF NOT EXISTS ${qualified(...place)} (\n${lines.join(',\n')}\n)`;
}
