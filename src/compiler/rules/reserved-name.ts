import { pipelinesOf, type Rule } from './rule.ts';

export const reservedName: Rule = {
  name: 'reserved-name',
  severity: 'error',
  category: 'correctness',
  why: 'Tables and columns are found by unquoted SQL, in dbt models, checks and Looker. A word that SQL itself uses needs quotes everywhere, which on Snowflake also fix its case; `partition_rows` is what a check calls the rows it looks at.',
  bad: 'pipelines: { flights: { columns: { order: {} } } }',
  good: 'pipelines: { flights: { columns: { order_id: {} } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { columns, load } = pipeline.settings;
      for (const name of Object.keys(columns ?? {})) {
        if (!RESERVED.has(name)) continue;
        report({
          message: `"${name}" is a word of SQL and can’t name a column without quotes`,
          layers: pipeline.layers,
          path: ['columns', name],
          want: 'key',
          help: `call it ${name}_value or what it holds, with from: ${name}`,
        });
      }
      const table = load?.table;
      if (table === undefined || !(RESERVED.has(table) || table === 'partition_rows')) continue;
      report({
        message:
          table === 'partition_rows'
            ? '"partition_rows" is what checks call the rows under check, not a table of yours'
            : `"${table}" is a word of SQL and can’t name a table without quotes`,
        layers: pipeline.layers,
        path: ['load', 'table'],
        help: 'choose a name of its own, such as the plural with what it is of',
      });
    }
  },
};

/**
 * Reserved by Snowflake (docs.snowflake.com/en/sql-reference/reserved-keywords, without those that only SHOW or a
 * function call refuses) or by DuckDB (`duckdb_keywords()`, category reserved).
 */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'all alter analyse analyze and any array as asc asymmetric between both by case cast check collate column ' +
    'connect constraint create cross current current_date current_time current_timestamp current_user default ' +
    'deferrable delete desc describe distinct do drop else end except exists false fetch following for foreign from ' +
    'full grant group having ilike in increment initially inner insert intersect into is join lambda lateral ' +
    'leading left like limit localtime localtimestamp minus natural not null of offset on only or order pivot ' +
    'placing primary qualify references regexp returning revoke right rlike row rows sample select set show some ' +
    'start summarize symmetric table tablesample then to trailing trigger true try_cast union unique unpivot update ' +
    'using values variadic when whenever where window with'
  ).split(' '),
);
