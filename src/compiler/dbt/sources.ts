import { writtenColumns } from '../../spec/mask.ts';
import type { GeneratedFile } from '../dag.ts';
import type { ResolvedEnvironment, ResolvedPipeline } from '../resolved.ts';
import { MARK } from '../targets/documentation.ts';
import { columnTests, keyTests, ofTheRun } from './column-tests.ts';
import { type SourceDialect, sourceDialect } from './dialect.ts';
import { lines, member } from './flow.ts';
import { freshnessOf } from './freshness.ts';
import { jinjaText } from './jinja.ts';

/** What models call the source, whatever the schema of an environment is: `source('raw', 'flights')`. */
export const SOURCE = 'raw';

/** Of `OWN_COLUMNS`, for people. */
const OWN: Readonly<Record<string, string>> = {
  _pipegen_partition: 'Partition that the row belongs to, the unit of replacement.',
  _pipegen_load_id: 'Load that wrote the row, as in _pipegen_loads.',
  _pipegen_run_id: 'Run that wrote the row.',
  _pipegen_extracted_at: 'When the extraction of the row began, UTC.',
  _pipegen_loaded_at: 'When the row was loaded, UTC; freshness is measured by it.',
  _pipegen_source_file: 'Published file that the row came from.',
  _pipegen_row_hash: "Hash of the row's values.",
};
const ALWAYS_THERE = ['_pipegen_partition', '_pipegen_load_id'];

/**
 * `<environment>/dbt/sources.yml`: the tables that its pipelines load as a source of dbt, with freshness by the
 * schedule and tests by the rules of the columns. None where nothing is loaded or nothing runs dbt.
 */
export function dbtSources(
  { name, settings, pipelines }: ResolvedEnvironment,
  specFile: string,
): GeneratedFile[] {
  const loaded = pipelines.filter(({ settings: { load } }) => load !== undefined);
  if (loaded.length === 0 || pipelines.every(({ settings: { dbt } }) => dbt === undefined)) return [];
  const dialect = sourceDialect(settings.warehouse);
  const byName = new Map(pipelines.map((pipeline) => [pipeline.name, pipeline]));
  const tables = loaded.map((pipeline) => describeTable(pipeline, byName, dialect));
  const source = {
    name: SOURCE,
    description: 'Tables that pipegen loads.',
    ...(dialect.database === undefined ? {} : { database: jinjaText(dialect.database) }),
    schema: jinjaText(dialect.schema),
    quoting: { database: true, schema: true, identifier: true },
  };
  tables.sort((a, b) => (a.name < b.name ? -1 : 1));
  const head = `# ${MARK} from ${fileName(specFile).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')}, environment ${name}. Do not edit: change the spec and run \`npx pipegen build\`.
# A project of dbt reads this folder by its model-paths.
`;
  const body = [
    ...lines({ version: 2 }, ''),
    'sources:',
    ...member(source, '  '),
    '    tables:',
    ...tables.flatMap((table) => member(table, '      ')),
  ];
  return [{ path: `${name}/dbt/sources.yml`, content: `${head}${body.join('\n')}\n` }];
}

function describeTable(
  pipeline: ResolvedPipeline,
  pipelines: ReadonlyMap<string, ResolvedPipeline>,
  dialect: SourceDialect,
) {
  const { settings, name: pipelineName } = pipeline;
  const table = settings.load?.table ?? '';
  const columns = settings.columns ?? {};
  const written = writtenColumns(Object.entries(columns).map(([name, column]) => ({ name, ...column })));
  const declared = written.map(({ name }) => {
    const column = columns[name];
    const tests = column === undefined ? [] : columnTests(column, dialect);
    return describeColumn(dialect.name(name), describe(name, column), tests);
  });
  const own = Object.entries(OWN).map(([name, description]) =>
    describeColumn(
      dialect.name(name),
      description,
      ALWAYS_THERE.includes(name) ? [{ not_null: { config: { where: ofTheRun(dialect) } } }] : [],
    ),
  );
  const keys = keyTests(settings, dialect);
  return {
    name: table,
    identifier: dialect.name(table),
    ...(settings.description.trim() === '' ? {} : { description: jinjaText(settings.description.trim()) }),
    config: { tags: [pipelineName], ...freshness(pipeline, pipelines) },
    ...(keys.length === 0 ? {} : { data_tests: keys }),
    columns: [...declared, ...own],
  };
}

function freshness(pipeline: ResolvedPipeline, pipelines: ReadonlyMap<string, ResolvedPipeline>) {
  const bounds = freshnessOf(pipeline, pipelines);
  if (bounds === undefined) return {};
  return {
    loaded_at_field: '_pipegen_loaded_at',
    freshness: { warn_after: period(bounds.warnAfter), error_after: period(bounds.errorAfter) },
  };
}

function period(minutes: number): { count: number; period: 'hour' | 'minute' } {
  return minutes % 60 === 0 ? { count: minutes / 60, period: 'hour' } : { count: minutes, period: 'minute' };
}

function describe(name: string, column: { description?: string | undefined; from?: unknown } | undefined) {
  if (column?.description !== undefined) return jinjaText(column.description);
  const from = [column?.from ?? name].flat().join(', else ');
  return jinjaText(`Read from ${from}.`);
}

/** Quoted, since a column may be called like a word of SQL. */
function describeColumn(name: string, description: string, tests: readonly object[]) {
  return { name, quote: true, description, ...(tests.length === 0 ? {} : { data_tests: tests }) };
}

function fileName(path: string): string {
  return path.replaceAll('\\', '/').split('/').at(-1) ?? path;
}
