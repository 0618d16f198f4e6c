import { configuration } from '../../errors.ts';
import type { WarehouseColumn } from '../../ports/warehouse.ts';
import type { Engine } from './engine.ts';
import {
  addColumnStatement,
  changeTypeStatement,
  createStatements,
  type Place,
  tableColumns,
} from './tables.ts';

/** Makes what is missing and adds new columns; refuses what would change rows that are there. */
export async function prepareTable(
  engine: Engine,
  place: Place,
  table: string,
  columns: readonly WarehouseColumn[],
): Promise<void> {
  const name = `${place.schema}.${table}`;
  const before = await existingColumns(engine, place, table);
  if (before.size > 0 && !before.has('_pipegen_partition')) {
    throw configuration(
      `${name} is there already and was not made by pipegen (it has no column _pipegen_partition): choose another load.table, or rename it`,
    );
  }
  for (const statement of createStatements(place, table, columns)) {
    await engine.run(`prepare ${name}`, statement);
  }
  if (before.size === 0) return;
  const wanted = tableColumns(columns);
  const changed = wanted.filter(([column, type]) => before.has(column) && before.get(column) !== type);
  if (changed.length > 0) {
    const changes = changed.map(
      ([column, type]) => `${column} is ${before.get(column)} and should be ${type}`,
    );
    const statements = changed.map((column) => changeTypeStatement(place, table, column));
    throw configuration(
      `${name} has columns of another type: ${changes.join(', ')}. Change the columns in the spec back, or run: ${statements.join(' ')}`,
    );
  }
  for (const column of wanted.filter(([one]) => !before.has(one))) {
    await engine.run(`add ${column[0]} to ${name}`, addColumnStatement(place, table, column));
  }
}

async function existingColumns(
  engine: Engine,
  { schema }: Place,
  table: string,
): Promise<Map<string, string>> {
  const rows = await engine.rows(
    `look at ${schema}.${table}`,
    `SELECT lower(column_name) AS name, data_type AS type FROM duckdb_columns()
WHERE database_name = current_database() AND lower(schema_name) = $1 AND lower(table_name) = $2`,
    [schema, table],
  );
  return new Map(rows.map((row) => [String(row.name), String(row.type)]));
}
