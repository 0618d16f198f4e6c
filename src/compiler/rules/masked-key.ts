import type { ResolvedPipeline } from '../resolved.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const maskedKey: Rule = {
  name: 'masked-key',
  severity: 'error',
  category: 'correctness',
  why: 'Rows are told apart by what is written. Redacted or cut values of a key make different rows duplicates, and a dropped column is in no table. A hash of equal values is equal, so a key may be hashed.',
  bad: 'pipelines: { flights: { columns: { flight: { mask: { kind: redact } } }, key: { columns: [flight] } } }',
  good: 'pipelines: { flights: { columns: { flight: { required: true }, passenger: { mask: { kind: redact } } }, key: { columns: [flight] } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const { path, column, allowed } of uses(pipeline)) {
        const mask = pipeline.settings.columns?.[column]?.mask;
        if (mask === undefined || allowed.includes(mask.kind)) continue;
        report({
          message: `"${column}" is masked (${mask.kind}) and used here by its value`,
          layers: pipeline.layers,
          path,
          help: allowed.includes('hash') ? 'hash it, or name another column' : 'name another column',
        });
      }
    }
  },
};

/** Every use of a column's values, with the masks that leave it what it needs. */
function uses({ settings }: ResolvedPipeline): { path: Path; column: string; allowed: readonly string[] }[] {
  const { key, load, checks } = settings;
  const equal = ['hash'];
  // Whether there is a value is seen through every mask, as long as it is written.
  const present = ['hash', 'partial', 'redact'];
  return [
    ...(key?.columns ?? []).map((column, index) => ({
      path: ['key', 'columns', index],
      column,
      allowed: equal,
    })),
    ...(key?.by === undefined ? [] : [{ path: ['key', 'by'], column: key.by, allowed: [] }]),
    ...(load?.partition_column === undefined
      ? []
      : [{ path: ['load', 'partition_column'], column: load.partition_column, allowed: [] }]),
    ...(load?.newest_by === undefined
      ? []
      : [{ path: ['load', 'newest_by'], column: load.newest_by, allowed: [] }]),
    ...checks.flatMap(({ null_rate, duplicate_rate, freshness, referential }, index) => [
      ...(null_rate === undefined
        ? []
        : [{ path: ['checks', index, 'null_rate', 'column'], column: null_rate.column, allowed: present }]),
      ...(duplicate_rate?.columns ?? []).map((column, position) => ({
        path: ['checks', index, 'duplicate_rate', 'columns', position],
        column,
        allowed: equal,
      })),
      ...(freshness === undefined
        ? []
        : [{ path: ['checks', index, 'freshness', 'column'], column: freshness.column, allowed: [] }]),
      ...(referential?.columns ?? []).map((column, position) => ({
        path: ['checks', index, 'referential', 'columns', position],
        column,
        allowed: equal,
      })),
    ]),
  ];
}
