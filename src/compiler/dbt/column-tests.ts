import { shapeOf } from '../../spec/column-type.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { SourceDialect } from './dialect.ts';
import { jinjaText } from './jinja.ts';

type Column = NonNullable<ResolvedPipeline['settings']['columns']>[string];

/** A test of dbt's own, as it stands in YAML. */
export type DataTest = Readonly<Record<string, object>>;

/**
 * Only the partitions of the run, where it has any: cheap, and rows from before a rule was made don't stop those of
 * today. `dbt build` without the variable looks at all rows.
 */
export function ofTheRun({ identifier }: SourceDialect): string {
  const partition = identifier('_pipegen_partition');
  return `{% if var('partitions', []) %}${partition} in ('{{ var('partitions') | join("', '") }}'){% else %}true{% endif %}`;
}

/** What the rules of a column promise of its table: the upload has set every other row aside. */
export function columnTests(column: Column, dialect: SourceDialect): DataTest[] {
  const config = { where: ofTheRun(dialect) };
  const tests: DataTest[] = [];
  if (column.required) tests.push({ not_null: { config } });
  const accepted = acceptedValues(column, dialect);
  if (accepted !== undefined) tests.push({ accepted_values: { arguments: accepted, config } });
  return tests;
}

/** Undefined where the table has other values than those that were checked, or a type that no text is compared with. */
function acceptedValues({ accepted, type, mask }: Column, { escapeText }: SourceDialect): object | undefined {
  if (accepted === undefined || mask !== undefined) return undefined;
  const { kind } = shapeOf(type);
  const values = accepted.map((value) => jinjaText(escapeText(value)));
  return kind === 'string' || kind === 'date' ? { values } : undefined;
}

/**
 * No two rows have the same key: within a partition where partitions are replaced, in the whole table where rows are
 * merged. A row with a null in its key is nobody's duplicate.
 */
export function keyTests(
  { key, load, columns }: ResolvedPipeline['settings'],
  dialect: SourceDialect,
): DataTest[] {
  if (key === undefined || load === undefined) return [];
  // What is hashed stays told apart; what is hidden does not, and what is dropped is not there.
  const masks = key.columns.map((name) => columns?.[name]?.mask?.kind ?? 'hash');
  if (masks.some((kind) => kind !== 'hash')) return [];
  const merged = String(load.mode) === 'merge';
  const names = merged ? key.columns : ['_pipegen_partition', ...key.columns];
  const complete = key.columns.map((name) => `${dialect.identifier(name)} is not null`).join(' and ');
  const where = merged ? complete : `${complete} and ${ofTheRun(dialect)}`;
  const name = `unique_key_of_${load.table}`;
  return [{ unique: { name, arguments: { column_name: dialect.combined(names) }, config: { where } } }];
}
