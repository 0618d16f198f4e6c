import { configuration } from '../errors.ts';
import type { WarehouseColumn } from '../ports/warehouse.ts';
import type { Dialect, Place } from './dialect.ts';
import type { SqlSession } from './session.ts';
import { addColumn, changeType, createTable, type MadeColumn, recordTables, tableColumns } from './tables.ts';

/** What the tables are looked at and changed by. */
export interface Site {
  readonly session: SqlSession;
  readonly dialect: Dialect;
  readonly place: Place;
  /** For people. */
  nameOf(table: string): string;
}

/**
 * Makes what is missing, adds new columns, widens types that became wider. Never drops, never narrows, never sets
 * NOT NULL: the rows that are there stay as they are. Only what is missing is made, since a role that may load need
 * not have the right to create.
 */
export async function prepareTables(
  site: Site,
  table: string,
  columns: readonly WarehouseColumn[],
): Promise<void> {
  const { session, dialect, place } = site;
  const name = site.nameOf(table);
  const before = await existingColumns(site, table);
  if (before.size > 0 && !before.has('_pipegen_partition')) {
    throw configuration(
      `${name} is there already and was not made by pipegen (it has no column _pipegen_partition): choose another load.table, or rename it`,
    );
  }
  const wanted = tableColumns(dialect, columns);
  if (before.size === 0) {
    for (const sql of dialect.schemaStatements(place)) await session.run(`prepare ${name}`, sql);
  }
  for (const [own, made] of recordTables(dialect)) {
    const there = await existingColumns(site, own);
    if (there.size === 0) {
      await session.run(`create ${site.nameOf(own)}`, createTable(dialect, place, own, made));
    }
  }
  if (before.size === 0) await session.run(`create ${name}`, createTable(dialect, place, table, wanted));
  else await change(site, table, before, wanted);
}

async function change(
  site: Site,
  table: string,
  before: ReadonlyMap<string, string>,
  wanted: readonly MadeColumn[],
): Promise<void> {
  const { session, dialect, place } = site;
  const name = site.nameOf(table);
  const retyped = wanted.filter(([column, type]) => before.has(column) && before.get(column) !== type);
  const refused = retyped.filter(([column, type]) => !dialect.widens(before.get(column) ?? '', type));
  // Looked at before the first change: what is refused leaves the table as it was.
  if (refused.length > 0) {
    const changes = refused.map(
      ([column, type]) => `${column} is ${before.get(column)} and should be ${type}`,
    );
    const statements = refused.map((column) => `${changeType(dialect, place, table, column)};`);
    throw configuration(
      `${name} has columns of another type: ${changes.join(', ')}. Change the columns in the spec back, or run: ${statements.join(' ')}`,
    );
  }
  for (const column of retyped) {
    await session.run(`widen ${column[0]} of ${name}`, changeType(dialect, place, table, column));
  }
  for (const column of wanted.filter(([one]) => !before.has(one))) {
    await session.run(`add ${column[0]} to ${name}`, addColumn(dialect, place, table, column));
  }
}

async function existingColumns(
  { session, dialect, place, nameOf }: Site,
  table: string,
): Promise<Map<string, string>> {
  const { sql, values } = dialect.catalogue(place, table);
  const rows = await session.rows(`look at ${nameOf(table)}`, sql, values);
  return new Map(rows.map((row) => [String(row.name), String(row.type)]));
}
