import type { ResolvedEnvironment, ResolvedPipeline } from '../resolved.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule, suggest } from './rule.ts';

export const unknownColumn: Rule = {
  name: 'unknown-column',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A key, a check or a partition column that names no column would fail at run time, after the API was paid for.',
  bad: 'pipelines: { flights: { checks: [{ null_rate: { column: fligth, max: 5% } }] } }',
  good: 'pipelines: { flights: { checks: [{ null_rate: { column: flight, max: 5% } }] } }',
  check(spec, report) {
    for (const { environment, pipeline } of pipelinesOf(spec)) {
      const own = Object.keys(pipeline.settings.columns ?? {});
      for (const { path, column, known = own, of = '' } of [
        ...references(pipeline),
        ...referenced(environment, pipeline),
      ]) {
        if (known.length === 0 || known.includes(column)) continue;
        report({
          message: `there is no column "${column}"${of}`,
          layers: pipeline.layers,
          path,
          help: suggest(column, known),
        });
      }
    }
  },
};

interface Reference {
  readonly path: Path;
  readonly column: string;
  /** Columns of another table than the pipeline's. */
  readonly known?: readonly string[];
  readonly of?: string;
}

/** What referential names in a table that another pipeline of the environment loads; of others nothing is known. */
function referenced({ pipelines }: ResolvedEnvironment, { settings }: ResolvedPipeline): Reference[] {
  return settings.checks.flatMap(({ referential }, index) => {
    if (referential === undefined) return [];
    const loader = pipelines.find((one) => one.settings.load?.table === referential.table);
    if (loader === undefined) return [];
    const known = Object.keys(loader.settings.columns ?? {});
    const { columns, references: named, table } = referential;
    const word = named === undefined ? 'columns' : 'references';
    return (named ?? columns).map((column, position) => ({
      path: ['checks', index, 'referential', word, position],
      column,
      known,
      of: ` in the table "${table}"`,
    }));
  });
}

/** Every place that names a column of the pipeline. */
function references({ settings }: ResolvedPipeline): Reference[] {
  const found: Reference[] = [];
  for (const [index, column] of (settings.key?.columns ?? []).entries()) {
    found.push({ path: ['key', 'columns', index], column });
  }
  if (settings.key?.by !== undefined) found.push({ path: ['key', 'by'], column: settings.key.by });
  if (settings.load?.partition_column !== undefined) {
    found.push({ path: ['load', 'partition_column'], column: settings.load.partition_column });
  }
  if (settings.load?.newest_by !== undefined) {
    found.push({ path: ['load', 'newest_by'], column: settings.load.newest_by });
  }
  for (const [index, check] of settings.checks.entries()) {
    if (check.null_rate !== undefined) {
      found.push({ path: ['checks', index, 'null_rate', 'column'], column: check.null_rate.column });
    }
    if (check.freshness !== undefined) {
      found.push({ path: ['checks', index, 'freshness', 'column'], column: check.freshness.column });
    }
    for (const kind of ['duplicate_rate', 'referential'] as const) {
      for (const [position, column] of (check[kind]?.columns ?? []).entries()) {
        found.push({ path: ['checks', index, kind, 'columns', position], column });
      }
    }
  }
  return found;
}
