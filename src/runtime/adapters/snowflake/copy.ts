import { EXIT } from '../../../spec/exit-codes.ts';
import { snowflakeIdentifier, snowflakeLiteral, snowflakeType } from '../../../warehouse-tables/snowflake.ts';
import { StepError } from '../../errors.ts';
import type { WarehouseColumn } from '../../ports/warehouse.ts';
import type { SqlRow } from '../../sql-warehouse/session.ts';

/** Files that one COPY may name: https://docs.snowflake.com/en/sql-reference/sql/copy-into-table */
export const FILES_OF_A_COPY = 1000;

/**
 * Said in full, since the format of a stage may be another. Without NULL_IF the text `\N` would become NULL; the
 * logical types tell times and timestamps of parquet from plain numbers.
 */
const FORMAT =
  '(TYPE = PARQUET BINARY_AS_TEXT = FALSE USE_LOGICAL_TYPE = TRUE TRIM_SPACE = FALSE NULL_IF = ())';

/**
 * Puts parquet files into a table, each column by its name: as it is in the file, in upper case in the table. Any
 * error aborts it. `FORCE`, since COPY would pass over files that it remembers, and report success.
 * @param into the table, as SQL
 * @param stage the stage, as SQL without its `@`
 * @param files names below the stage; at most `FILES_OF_A_COPY`
 */
export function copyStatement(
  into: string,
  stage: string,
  columns: readonly WarehouseColumn[],
  files: readonly string[],
): string {
  const names = columns.map(({ name }) => snowflakeIdentifier(name));
  const values = columns.map(valueInFile);
  return `COPY INTO ${into} (${names.join(', ')})
FROM (SELECT ${values.join(', ')} FROM @${stage})
FILES = (${files.map(snowflakeLiteral).join(', ')})
FILE_FORMAT = ${FORMAT}
ON_ERROR = ABORT_STATEMENT FORCE = TRUE`;
}

/** A parquet text is a VARIANT string to Snowflake, also where it is JSON: only PARSE_JSON takes it apart. */
function valueInFile({ name, type }: WarehouseColumn): string {
  const value = `$1:${keyInFile(name)}`;
  return type === 'json' ? `PARSE_JSON(${value}::VARCHAR)` : `${value}::${snowflakeType(type)}`;
}

/** Case matters in a path: a key that is not there is NULL, without a word. */
function keyInFile(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Rows that COPY loaded of each file, in their order. Its answer has one row for each file, which it calls by its
 * place in the stage or by its whole address; without the column `file` nothing was loaded.
 * @throws StepError (defect) where a file is missing in it, or was loaded in part
 */
export function rowsOfFiles(answer: readonly SqlRow[], files: readonly string[]): number[] {
  const named = Map.groupBy(
    answer.filter(({ file }) => typeof file === 'string'),
    ({ file }) => baseName(String(file)),
  );
  return files.map((file) => {
    const row = named.get(baseName(file))?.find((one) => isAddressOf(String(one.file), file));
    const status = String(row?.status ?? answer[0]?.status ?? 'no answer');
    if (row === undefined || status !== 'LOADED') {
      throw new StepError(EXIT.defect, `Snowflake did not load ${file} (${status}): nothing was changed`);
    }
    return Number(row.rows_loaded);
  });
}

function isAddressOf(address: string, file: string): boolean {
  return address === file || address.endsWith(`/${file}`);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
