import { type Job, job, type WrittenJob } from '../spec/job.ts';
import type { Step } from '../spec/steps.ts';
import type { ResolvedEnvironment, ResolvedPipeline } from './resolved.ts';
import { sliceName } from './rules/unknown-placeholder.ts';

/** The steps that a pipeline has, in order. */
export function stepsOf({ settings }: ResolvedPipeline): Step[] {
  const steps: Step[] = [];
  if (settings.extract !== undefined) steps.push('extract', 'upload');
  if (settings.load !== undefined) steps.push('load', 'check');
  if (settings.dbt !== undefined) steps.push('dbt');
  return steps;
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
    ...(settings.load === undefined ? {} : { load: settings.load }),
    checks: settings.checks,
    ...(settings.dbt === undefined ? {} : { dbt: settings.dbt }),
  };
}

function buildExtract({ settings, extractSource }: ResolvedPipeline): WrittenJob['extract'] {
  if (settings.extract === undefined || extractSource === undefined) return undefined;
  const { slices, source: _, ...rest } = settings.extract;
  const name = sliceName(slices);
  if (slices === undefined || name === undefined) return { ...rest, source: extractSource };
  const values = slices[name] as string[];
  return {
    ...rest,
    source: extractSource,
    slices: { name, values, parallel: slices.parallel, on_empty: slices.on_empty },
  };
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
  const texts = [extract.source.base_url, extract.path, ...Object.values(extract.query ?? {})];
  return Object.fromEntries(
    Object.entries(environment.settings.variables).filter(([name]) =>
      texts.some((text) => text.includes(`\${variables.${name}}`)),
    ),
  );
}
