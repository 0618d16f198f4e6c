import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { buildJob, readBack } from '../../compiler/job.ts';
import { isPartition, lastClosedDay } from '../../spec/partition.ts';
import { checkSpec } from '../check-spec.ts';
import { show } from '../preview/show.ts';
import { findProject } from '../project.ts';
import { choose } from './run.ts';

/** Of a line where no terminal says. */
const WIDTH = 120;

interface Options {
  file?: string;
  env: string;
  partition?: string;
  slice?: string;
  from?: string;
  limit: number;
  json?: boolean;
}

export function addPreview(program: Command, end: (code: number) => void): void {
  program
    .command('preview')
    .description('ask for one page and show the rows that a run would make of it, without writing anything')
    .argument('<pipeline>', 'its name in the spec')
    .option('--env <name>', 'environment of the spec', 'local')
    .option('--partition <date>', 'the day to ask for; else the last that is over', partition)
    .option('--slice <value>', 'the slice to ask for; else the first')
    .option('--limit <rows>', 'how many rows are shown', limit, 20)
    .option('--from <path>', 'read records from this file and ask nobody')
    .option('--json', 'one JSON document on stdout')
    .action(async (pipeline: string, _, command: Command) =>
      end(await run(pipeline, command.optsWithGlobals<Options>())),
    );
}

async function run(name: string, options: Options): Promise<number> {
  const project = findProject(options.file);
  const { spec } = await checkSpec(project);
  if (spec === undefined) return 1;
  // Its steps bring DuckDB with them, which no other command shall wait for.
  const { preview } = await import('../preview/preview.ts');
  const { environment, pipeline } = choose(spec, options.env, name);
  const zone = pipeline.settings.schedule?.timezone ?? 'UTC';
  const abort = new AbortController();
  const stop = () => abort.abort(new Error('stopped'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const result = await preview({
      job: readBack(buildJob(environment, pipeline)),
      home: project.home,
      partition: options.partition ?? lastClosedDay(new Date(), zone),
      slice: options.slice,
      limit: options.limit,
      from: options.from === undefined ? undefined : resolve(options.from),
      environment: process.env,
      signal: abort.signal,
      onLine: (level, message) => void process.stderr.write(`${level}: ${message}\n`),
    });
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(result, undefined, 2)}\n`
        : show(result, options.from, process.stdout.columns ?? WIDTH),
    );
    return 0;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function partition(text: string): string {
  if (!isPartition(text)) throw new InvalidArgumentError('a date that exists is needed, such as 2026-01-31.');
  return text;
}

function limit(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError('a number from 1 to 99999.');
  return Number(text);
}
