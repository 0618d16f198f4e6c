import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Step } from '../spec/steps.ts';
import type { Warehouse } from '../spec/warehouse.ts';

/** Airflow stores 256 characters of a pool's name, and metrics are named after it. */
const MAX_LENGTH = 200;

/** A DuckDB file has one writer, and who else opens it waits or fails. */
const OPENS_THE_FILE: ReadonlySet<Step> = new Set(['load', 'check', 'dbt']);

/**
 * The pool of one slot that a step takes, so that no two tasks of one Airflow are in each other's way: one for each
 * DuckDB file, one for each Snowflake table that is loaded. Two that share a name only wait more than they need.
 * @param table that the pipeline loads
 */
export function poolOf(warehouse: Warehouse, table: string | undefined, step: Step): string | undefined {
  if (warehouse.kind === 'duckdb') {
    if (!OPENS_THE_FILE.has(step)) return undefined;
    const file = posix.normalize(warehouse.path.replaceAll('\\', '/')).replace(/\.(duckdb|db)$/, '');
    return poolName(['duckdb', ...file.split('/').filter((part) => part !== '')]);
  }
  if (step !== 'load' || table === undefined) return undefined;
  const { database, schema } = warehouse;
  return poolName(['snowflake', ...[database, schema, table].map((part) => part.toUpperCase())]);
}

/** Letters, digits, `_`, `-` and dots: what metrics and shells take as it is. */
function poolName(parts: readonly string[]): string {
  const plain = parts.map((part) => part.replace(/[^A-Za-z0-9_]+/g, '-').replace(/^-+|-+$/g, ''));
  const name = plain.filter((part) => part !== '').join('.');
  if (name.length <= MAX_LENGTH) return name;
  const digest = createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 12);
  return `${name.slice(0, MAX_LENGTH - digest.length - 1)}-${digest}`;
}
