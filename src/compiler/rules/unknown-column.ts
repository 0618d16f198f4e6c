import type { ResolvedPipeline } from '../resolved.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule, suggest } from './rule.ts';

export const unknownColumn: Rule = {
  name: 'unknown-column',
  severity: 'error',
  category: 'correctness',
  why: 'A key, a check or a partition column that names no column would fail at run time, after the API was paid for.',
  bad: 'pipelines: { flights: { checks: [{ null_rate: { column: fligth, max: 5% } }] } }',
  good: 'pipelines: { flights: { checks: [{ null_rate: { column: flight, max: 5% } }] } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const known = Object.keys(pipeline.settings.columns ?? {});
      if (known.length === 0) continue;
      for (const { path, column } of references(pipeline)) {
        if (known.includes(column)) continue;
        report({
          message: `there is no column "${column}"`,
          layers: pipeline.layers,
          path,
          help: suggest(column, known),
        });
      }
    }
  },
};

/** Every place that names a column. */
function references({ settings }: ResolvedPipeline): { path: Path; column: string }[] {
  const found: { path: Path; column: string }[] = [];
  for (const [index, column] of (settings.key?.columns ?? []).entries()) {
    found.push({ path: ['key', 'columns', index], column });
  }
  if (settings.key?.by !== undefined) found.push({ path: ['key', 'by'], column: settings.key.by });
  if (settings.load?.partition_column !== undefined) {
    found.push({ path: ['load', 'partition_column'], column: settings.load.partition_column });
  }
  for (const [index, check] of settings.checks.entries()) {
    if (check.null_rate !== undefined) {
      found.push({ path: ['checks', index, 'null_rate', 'column'], column: check.null_rate.column });
    }
    for (const [position, column] of (check.duplicate_rate?.columns ?? []).entries()) {
      found.push({ path: ['checks', index, 'duplicate_rate', 'columns', position], column });
    }
  }
  return found;
}
