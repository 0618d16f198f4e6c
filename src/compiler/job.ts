import { type Job, job, type WrittenJob } from '../spec/job.ts';
import { peppersIn } from '../spec/mask.ts';
import { podsOf, sliceName } from '../spec/slices.ts';
import { authSecrets } from '../spec/snowflake.ts';
import { secretsIn } from '../spec/source.ts';
import type { Step } from '../spec/steps.ts';
import type { ResolvedEnvironment, ResolvedPipeline } from './resolved.ts';

/** The steps that a pipeline has, in order. */
export function stepsOf({ settings }: ResolvedPipeline): Step[] {
  const steps: Step[] = [];
  if (settings.extract !== undefined) steps.push('extract', 'upload');
  if (settings.load !== undefined) steps.push('load', 'check');
  if (settings.dbt !== undefined) steps.push('dbt');
  return steps;
}

/** The environment variables with the secrets that a step needs: one that asks the source or the warehouse, or hashes a column. */
export function secretVariables(
  { settings: { warehouse } }: ResolvedEnvironment,
  { settings, extractSource }: ResolvedPipeline,
  step: Step,
): string[] {
  if (step === 'extract') {
    return extractSource === undefined ? [] : secretsIn(extractSource).map(({ text }) => text);
  }
  if (step === 'upload') return peppersIn(Object.values(settings.columns ?? {}));
  if (step === 'dbt' && settings.dbt?.runner === 'dbt_cloud') return [];
  return warehouse.kind === 'snowflake' ? authSecrets(warehouse.auth).map(({ name }) => name) : [];
}

/** The job as the runtime will see it once it has read what `buildJob` wrote. */
export function readBack(written: WrittenJob): Job {
  return job.parse(JSON.parse(JSON.stringify(written)));
}

/** What the containers of a pipeline need to know in one environment. */
export function buildJob(environment: ResolvedEnvironment, pipeline: ResolvedPipeline): WrittenJob {
  const { settings } = pipeline;
  const extract = buildExtract(pipeline);
  return {
    version: 1,
    pipeline: pipeline.name,
    environment: environment.name,
    timezone: settings.schedule?.timezone ?? 'UTC',
    steps: stepsOf(pipeline),
    variables: variablesIn(environment, extract),
    store: environment.settings.store,
    warehouse: environment.settings.warehouse,
    ...(extract === undefined ? {} : { extract }),
    ...(settings.columns === undefined ? {} : { columns: buildColumns(settings.columns) }),
    ...(settings.key === undefined ? {} : { key: settings.key }),
    contract: settings.contract,
    ...(settings.transform === undefined ? {} : { transform: settings.transform }),
    ...(pipeline.handlers === undefined ? {} : { handlers: pipeline.handlers }),
    ...(settings.load === undefined ? {} : { load: settings.load }),
    checks: settings.checks,
    ...(settings.dbt === undefined ? {} : { dbt: settings.dbt }),
  };
}

function buildExtract({ settings, extractSource }: ResolvedPipeline): WrittenJob['extract'] {
  if (settings.extract === undefined || extractSource === undefined) return undefined;
  const { slices, source: _, ...written } = settings.extract;
  // A handler's page is ours: its records have a fixed place.
  const rest = extractSource.kind === 'handler' ? { ...written, records: 'records' } : written;
  const extract = { ...withoutDefaults(rest), source: extractSource };
  if (slices === undefined) return extract;
  const { parallel, on_empty, window } = slices;
  const pods = podsOf(slices);
  const options = { parallel, ...(pods === 1 ? {} : { pods }), on_empty };
  const name = sliceName(slices);
  if (window !== undefined) return { ...extract, slices: { window, ...options } };
  return name === undefined
    ? extract
    : { ...extract, slices: { name, values: slices[name] as string[], ...options } };
}

type Written = Omit<NonNullable<WrittenJob['extract']>, 'source' | 'slices'>;

/** A job is short and the same as before where an extract says nothing of what came later to the language. */
function withoutDefaults(extract: Written): Written {
  const { method, headers, format, for_each, paginate, ...rest } = extract;
  return {
    ...rest,
    ...(method === 'GET' ? {} : { method }),
    ...(Object.keys(headers ?? {}).length === 0 ? {} : { headers }),
    paginate: withoutPlace(paginate),
    ...(format?.kind === 'json' ? {} : { format }),
    ...(for_each === undefined
      ? {}
      : { for_each: { ...for_each, paginate: withoutPlace(for_each.paginate) } }),
  };
}

function withoutPlace(paginate: Written['paginate']): Written['paginate'] {
  if (paginate === undefined || !('in' in paginate) || paginate.in !== 'query') return paginate;
  const { in: _, ...rest } = paginate;
  return rest;
}

function buildColumns(columns: NonNullable<ResolvedPipeline['settings']['columns']>): WrittenJob['columns'] {
  return Object.entries(columns).map(([name, column]) => {
    const { description: _, from, required, null_if, ...rest } = column;
    const paths = from === undefined ? [name] : typeof from === 'string' ? [from] : from;
    return {
      name,
      from: paths,
      ...rest,
      ...(required ? { required } : {}),
      ...(null_if.length > 0 ? { null_if } : {}),
    };
  });
}

/** Those that the process may still override: the ones that a text of the job names. */
function variablesIn(
  environment: ResolvedEnvironment,
  extract: WrittenJob['extract'],
): Record<string, string> {
  if (extract === undefined) return {};
  const written = JSON.stringify(extract);
  return Object.fromEntries(
    Object.entries(environment.settings.variables).filter(([name]) =>
      written.includes(`\${variables.${name}}`),
    ),
  );
}
