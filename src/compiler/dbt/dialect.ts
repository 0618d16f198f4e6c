import type { Warehouse } from '../../spec/warehouse.ts';
import { snowflakeIdentifier } from '../../warehouse-tables/snowflake.ts';

/** How a table that pipegen loads is called in the SQL of dbt's adapter. */
export interface SourceDialect {
  /** Undefined where the profile's is meant. */
  readonly database?: string;
  readonly schema: string;
  /** As the warehouse stores it; dbt quotes it. */
  name(name: string): string;
  /** Quoted, for an expression. */
  identifier(name: string): string;
  /** What stands between the quotes of a text. */
  escapeText(text: string): string;
  /** One text that is equal where all these columns are; none of them is null. */
  combined(columns: readonly string[]): string;
}

export function sourceDialect(warehouse: Warehouse): SourceDialect {
  return warehouse.kind === 'duckdb' ? duckdb(warehouse.schema) : snowflake(warehouse);
}

function duckdb(schema: string): SourceDialect {
  const identifier = (name: string) => `"${name}"`;
  return {
    schema,
    name: (name) => name,
    identifier,
    escapeText: (text) => text.replaceAll("'", "''"),
    combined: (columns) =>
      `cast([${columns.map((name) => `cast(${identifier(name)} as varchar)`).join(', ')}] as json)`,
  };
}

function snowflake({ database, schema }: { database: string; schema: string }): SourceDialect {
  const name = (text: string) => text.toUpperCase();
  return {
    database: name(database),
    schema: name(schema),
    name,
    identifier: snowflakeIdentifier,
    escapeText: (text) => text.replaceAll('\\', '\\\\').replaceAll("'", "''"),
    combined: (columns) =>
      `to_json(array_construct(${columns.map((one) => `cast(${snowflakeIdentifier(one)} as varchar)`).join(', ')}))`,
  };
}
