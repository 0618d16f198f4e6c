import type { Job } from '../../../spec/job.ts';
import type { Engine } from '../../adapters/duckdb/engine.ts';
import type { PageOfRows } from '../landed-pages.ts';
import type { UploadColumn } from './new-column.ts';
import { parentExpressions } from './source-path.ts';

/** `CREATE TABLE page`: `_page` from 1, `_name` of its object, `_parent`, the values that columns want of its parent. */
export async function createPages(
  engine: Engine,
  job: Job,
  columns: readonly UploadColumn[],
  pages: readonly PageOfRows[],
): Promise<void> {
  const expressions = parentExpressions(job, columns);
  const rows = pages.map(({ name, parent }) => ({
    n: name,
    v: expressions.map((expression) => parent[expression] ?? null),
  }));
  await engine.run(
    'name the pages',
    `CREATE TABLE page AS SELECT CAST(_page AS INTEGER) AS _page, one.n AS _name, one.v AS _parent
FROM (SELECT generate_subscripts(pages, 1) AS _page, unnest(pages) AS one
  FROM (SELECT from_json($1::VARCHAR, '[{"n":"VARCHAR","v":["VARCHAR"]}]') AS pages))`,
    [JSON.stringify(rows)],
  );
}
