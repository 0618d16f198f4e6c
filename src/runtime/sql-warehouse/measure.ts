import type { Measure, Measured } from '../ports/measure.ts';
import type { Dialect } from './dialect.ts';
import type { SqlSession, SqlValue } from './session.ts';

/** The rows that are measured. */
export interface Source {
  /** SQL. */
  readonly table: string;
  /** SQL; absent for all rows of the table. */
  readonly condition?: string | undefined;
  /** Of the placeholders in the condition. */
  readonly values: readonly SqlValue[];
  /** SQL of another table in the same schema. */
  tableName(table: string): string;
}

/** All measures in their order: one scan for what can share it, a query of its own for what can't. */
export async function measureAll(
  session: SqlSession,
  dialect: Dialect,
  source: Source,
  measures: readonly Measure[],
): Promise<Measured[]> {
  const found = new Map<Measure, Measured>();
  const shared = measures.flatMap((measure) => {
    const sql = aggregateOf(dialect, measure);
    return sql === undefined ? [] : [{ measure, sql }];
  });
  if (shared.length > 0) {
    const columns = shared.map(({ sql }, index) => `${sql} AS measure_${index}`);
    const [row] = await session.rows(
      'measure',
      `SELECT ${columns.join(',\n  ')}\nFROM ${filtered(source)}`,
      source.values,
    );
    for (const [index, { measure }] of shared.entries()) {
      found.set(measure, read(measure, row?.[`measure_${index}`]));
    }
  }
  for (const measure of measures) {
    const offending = offendingOf(dialect, source, measure);
    if (found.has(measure) || offending === undefined) continue;
    const [row] = await session.rows(
      'measure',
      `${offending.before}SELECT count(*) AS measured FROM ${offending.from}`,
      source.values,
    );
    found.set(measure, read(measure, row?.measured));
  }
  return measures.map((measure) => found.get(measure) ?? null);
}

function read({ kind }: Measure, value: unknown): Measured {
  if (kind !== 'newest') return Number(value);
  return value === null || value === undefined ? null : String(value);
}

/** The author's SQL, on lines of its own. */
function authored(sql: string): string {
  return `(\n${sql}\n)`;
}

function filtered({ table, condition }: Source): string {
  return condition === undefined ? table : `${table} WHERE ${condition}`;
}

/** What a scan can find beside others; undefined for what needs a query of its own. */
function aggregateOf(dialect: Dialect, measure: Measure): string | undefined {
  const where = measure.where === undefined ? [] : [authored(measure.where)];
  const count = (...conditions: string[]) => {
    const all = [...where, ...conditions];
    return all.length === 0 ? 'count(*)' : `count(CASE WHEN ${all.join(' AND ')} THEN 1 END)`;
  };
  const looked = (column: string) => {
    const name = dialect.identifier(column);
    return where.length === 0 ? name : `CASE WHEN ${where.join('')} THEN ${name} END`;
  };
  switch (measure.kind) {
    case 'rows':
      return count();
    case 'nulls':
      return count(`${dialect.identifier(measure.column)} IS NULL`);
    case 'duplicates': {
      const present = measure.columns.map((column) => `${dialect.identifier(column)} IS NOT NULL`);
      return `${count(...present)} - ${dialect.countDistinct(measure.columns.map(looked))}`;
    }
    case 'newest':
      return dialect.timestampText(`CAST(max(${looked(measure.column)}) AS ${dialect.own.timestamp})`);
    case 'breaches':
      return `${count()} - ${count(authored(measure.condition))}`;
    case 'orphans':
    case 'offending':
      return undefined;
  }
}

/** What stands behind FROM to list the rows that a measure counts. */
interface Offending {
  /** `WITH …` and a line's end, or nothing. */
  readonly before: string;
  readonly from: string;
}

/** Undefined for `rows` and `newest`, which look for nothing wrong. */
export function offendingOf(dialect: Dialect, source: Source, measure: Measure): Offending | undefined {
  const where = [
    ...(source.condition === undefined ? [] : [source.condition]),
    ...(measure.where === undefined ? [] : [authored(measure.where)]),
  ];
  const rows = (...conditions: string[]) =>
    `${source.table} AS checked WHERE ${[...where, ...conditions].join(' AND ')}`;
  switch (measure.kind) {
    case 'rows':
    case 'newest':
      return undefined;
    case 'nulls':
      return { before: '', from: rows(`${dialect.identifier(measure.column)} IS NULL`) };
    case 'duplicates': {
      const columns = measure.columns.map((column) => dialect.identifier(column));
      const present = columns.map((column) => `${column} IS NOT NULL`);
      const twice = `SELECT ${columns.join(', ')}, count(*) AS duplicates FROM ${rows(...present)}
GROUP BY ${columns.join(', ')} HAVING count(*) > 1`;
      return { before: '', from: `(${twice}) AS keys_twice` };
    }
    case 'breaches':
      return {
        before: '',
        from: rows(`CASE WHEN ${authored(measure.condition)} THEN 1 ELSE 0 END = 0`),
      };
    case 'orphans': {
      const columns = measure.columns.map((column) => `checked.${dialect.identifier(column)}`);
      const pairs = measure.references.map(
        (reference, index) => `referenced.${dialect.identifier(reference)} = ${columns[index]}`,
      );
      const present = columns.map((column) => `${column} IS NOT NULL`);
      const none = `NOT EXISTS (SELECT 1 FROM ${source.tableName(measure.table)} AS referenced WHERE ${pairs.join(' AND ')})`;
      return { before: '', from: rows(...present, none) };
    }
    case 'offending':
      return {
        before: `WITH ${dialect.identifier('partition_rows')} AS (SELECT * FROM ${filtered(source)})\n`,
        from: `${authored(measure.query)} AS offending`,
      };
  }
}
