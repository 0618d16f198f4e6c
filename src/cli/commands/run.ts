import { type Command, InvalidArgumentError } from 'commander';
import { suggest } from '../../compiler/did-you-mean.ts';
import type { ResolvedEnvironment, ResolvedPipeline, ResolvedSpec } from '../../compiler/resolved.ts';
import { isPartition, lastClosedDay, range, shift } from '../../spec/partition.ts';
import { isStep, STEPS, type Step } from '../../spec/steps.ts';
import { checkSpec } from '../check-spec.ts';
import { findProject } from '../project.ts';
import { createProgress } from '../run/progress.ts';
import { runPipeline } from '../run/run-pipeline.ts';
import { summary } from '../run/summary.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  file?: string;
  env: string;
  date?: string;
  to?: string;
  from?: Step;
  only?: Step;
  fresh?: boolean;
  force?: boolean;
  format: 'pretty' | 'json';
}

export function addRun(program: Command, end: (code: number) => void): void {
  program
    .command('run')
    .description('run a pipeline on this machine, without Airflow')
    .argument('<pipeline>', 'its name in the spec')
    .option(
      '--date <date>',
      'the partition; else the last day that is over and those that the pipeline looks back to',
      date,
    )
    .option('--to <date>', 'every partition from --date to this one', date)
    .option('--from <step>', 'begin at this step, on what the latest run left', step)
    .option('--only <step>', 'this step alone, on what the latest run left', step)
    .option('--fresh', 'begin a new run, also where an unfinished one could go on')
    .option('--force', 'load again what is loaded already, and over what is newer')
    .option('--env <name>', 'environment of the spec', 'local')
    .option('--format <name>', 'pretty, or json: one document on stdout at the end', format, 'pretty')
    .action(async (pipeline: string, _, command: Command) =>
      end(await run(pipeline, command.optsWithGlobals<Options>())),
    );
}

async function run(name: string, options: Options): Promise<number> {
  if (options.to !== undefined && options.date === undefined) throw new UsageError('--to needs --date');
  if (options.from !== undefined && options.only !== undefined)
    throw new UsageError('either --from or --only');
  const project = findProject(options.file);
  const { spec } = await checkSpec(project);
  if (spec === undefined) return 1;
  const { environment, pipeline } = choose(spec, options.env, name);
  const json = options.format === 'json';
  const { receipts, ...result } = await runPipeline({
    environment,
    pipeline,
    home: project.home,
    partitions: partitionsOf(pipeline, options, new Date()),
    options,
    progress: createProgress(process.stderr, json && process.stderr.isTTY !== true),
  });
  process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : `\n${summary(result, receipts)}`);
  return result.status === 'done' ? 0 : 1;
}

/** A pipeline in an environment by their names. */
export function choose(
  spec: ResolvedSpec,
  environmentName: string,
  pipelineName: string,
): { environment: ResolvedEnvironment; pipeline: ResolvedPipeline } {
  const environments = spec.environments.map(({ name }) => name);
  const environment = spec.environments.find(({ name }) => name === environmentName);
  if (environment === undefined) {
    throw new UsageError(
      `there is no environment "${environmentName}": ${suggest(environmentName, environments) ?? ''}`,
    );
  }
  const pipeline = environment.pipelines.find(({ name }) => name === pipelineName);
  if (pipeline === undefined) {
    throw new UsageError(
      `there is no pipeline "${pipelineName}": ${suggest(pipelineName, spec.pipelineNames) ?? ''}`,
    );
  }
  return { environment, pipeline };
}

function partitionsOf({ settings }: ResolvedPipeline, { date: first, to }: Options, now: Date): string[] {
  if (first === undefined) {
    const last = lastClosedDay(now, settings.schedule?.timezone ?? 'UTC');
    return range(shift(last, -settings.partition.lookback), last);
  }
  const dates = range(first, to ?? first);
  if (dates.length === 0) throw new UsageError(`--to ${to} is before --date ${first}`);
  return dates;
}

function date(text: string): string {
  if (!isPartition(text)) throw new InvalidArgumentError('a date that exists is needed, such as 2026-01-31.');
  return text;
}

function step(text: string): Step {
  if (!isStep(text)) throw new InvalidArgumentError(`one of ${STEPS.join(', ')}.`);
  return text;
}

function format(text: string): Options['format'] {
  if (text !== 'pretty' && text !== 'json') throw new InvalidArgumentError('pretty or json.');
  return text;
}
