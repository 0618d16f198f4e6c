import type { Warehouse } from '../spec/warehouse.ts';
import type { Lineage } from './dag.ts';
import type { ResolvedEnvironment, ResolvedPipeline } from './resolved.ts';

/** Where the data of a pipeline comes from and goes to, for people. */
export function lineageOf(
  environment: ResolvedEnvironment,
  { name, settings, extractSource }: ResolvedPipeline,
): Lineage {
  const { extract, load, dbt } = settings;
  const handler = extractSource?.kind === 'handler' ? extractSource.handler : '';
  return {
    ...(extract === undefined ? {} : { source: { name: extract.source, path: extract.path ?? handler } }),
    ...(load === undefined ? {} : { table: tableName(environment.settings.warehouse, load.table) }),
    ...(dbt !== undefined && 'select' in dbt ? { dbt: dbt.select } : {}),
    downstream: downstreamIn(environment).get(name) ?? [],
  };
}

const known = new WeakMap<ResolvedEnvironment, ReadonlyMap<string, readonly string[]>>();

/** Who waits for whom, asked for once per environment: it may have ten thousand pipelines. */
function downstreamIn(environment: ResolvedEnvironment): ReadonlyMap<string, readonly string[]> {
  const found = known.get(environment);
  if (found !== undefined) return found;
  const downstream = new Map<string, string[]>();
  for (const { name, settings } of environment.pipelines) {
    const { all, any } = settings.schedule?.after ?? {};
    for (const upstream of new Set([...(all ?? []), ...(any ?? [])])) {
      const names = downstream.get(upstream);
      if (names === undefined) downstream.set(upstream, [name]);
      else names.push(name);
    }
  }
  known.set(environment, downstream);
  return downstream;
}

function tableName(warehouse: Warehouse, table: string): string {
  if (warehouse.kind === 'duckdb') return `${warehouse.schema}.${table} in ${warehouse.path}`;
  return [warehouse.database, warehouse.schema, table].map((part) => part.toUpperCase()).join('.');
}
