import type { Job } from '../../../../spec/job.ts';
import type { Engine } from '../../../adapters/duckdb/engine.ts';
import { jsonPointer } from '../../../sql/json-pointer.ts';
import { literal, literals } from '../../../sql/quote.ts';
import { listOfRecords, pagesTable, recordsQuery, type StageFiles } from '../records.ts';
import { type FieldKind, kindOf } from './field.ts';
import { type FoundField, fieldsOf } from './structure.ts';

/** What some pages hold. */
export interface Look {
  readonly fields: readonly FoundField[];
  /** Fields beyond those that are told apart. */
  readonly more: number;
}

/** Values of one field in some pages. */
export interface Values {
  readonly rows: number;
  readonly kinds: readonly FieldKind[];
  /** The first value of each kind as text, shortened. */
  readonly samples: Readonly<Partial<Record<FieldKind, string>>>;
}

/** Characters of a sample. */
const SAMPLE = 60;

/**
 * The fields of the records in some pages, once for each structure that was found; what is no object has none.
 * DuckDB's `json_group_structure` would bring all records together in memory: here it is a page, or a record of lines.
 */
export async function lookAtFields(engine: Engine, files: StageFiles, job: Job): Promise<Look> {
  const structures = async (query: string) => {
    const rows = await engine.rows('look at the fields of the source', query);
    return rows.flatMap((row) =>
      row.structure === null ? [] : [JSON.parse(String(row.structure)) as unknown],
    );
  };
  const byRecord = `SELECT DISTINCT json_structure(_record) AS structure FROM (${recordsQuery(files, job)})
WHERE json_type(_record) = 'OBJECT'`;
  let found: unknown[];
  if (files.form === 'lines') found = await structures(byRecord);
  else {
    const pages = await structures(
      `SELECT DISTINCT json_structure(${listOfRecords(job)}) AS structure FROM ${pagesTable(files)}`,
    );
    found = pages.map((page) => (Array.isArray(page) ? page[0] : undefined));
    // Something in the list is no object.
    if (found.some((one) => one === 'JSON')) found = await structures(byRecord);
  }
  const looks = found.map(fieldsOf);
  return {
    fields: looks.flatMap(({ fields }) => fields),
    more: Math.max(0, ...looks.map(({ more }) => more)),
  };
}

/** Counts the values of some fields, in their order. */
export async function countValues(
  engine: Engine,
  files: StageFiles,
  job: Job,
  fields: readonly { readonly keys: readonly string[] }[],
): Promise<Values[]> {
  if (fields.length === 0) return [];
  const pointers = literals(fields.map(({ keys }) => jsonPointer(keys)));
  const rows = await engine.rows(
    'count the values of fields',
    `SELECT _at, _type AS type, count(*) AS rows, arg_min(_text, _place) AS sample
FROM (
  SELECT unnest(range(1, ${fields.length + 1})) AS _at, unnest(json_type(_record, [${pointers}])) AS _type,
    left(unnest(json_extract_string(_record, [${pointers}])), ${SAMPLE}) AS _text,
    _page * 10000000000 + _position AS _place
  FROM (${recordsQuery(files, job)})
) WHERE _type <> ${literal('NULL')} GROUP BY ALL ORDER BY ALL`,
  );
  return fields.map((_, index) => {
    const own = rows.filter((row) => Number(row._at) === index + 1);
    const samples: Partial<Record<FieldKind, string>> = {};
    for (const row of own) {
      const kind = kindOf(String(row.type));
      if (kind !== undefined) samples[kind] ??= String(row.sample);
    }
    const kinds = Object.keys(samples).sort() as FieldKind[];
    return { rows: own.reduce((sum, row) => sum + Number(row.rows), 0), kinds, samples };
  });
}
