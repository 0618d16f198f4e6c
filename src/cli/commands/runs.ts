import { type Command, InvalidArgumentError } from 'commander';
import { check, hasErrors } from '../../compiler/compile.ts';
import { suggest } from '../../compiler/did-you-mean.ts';
import { stepsOf } from '../../compiler/job.ts';
import type { ResolvedEnvironment } from '../../compiler/resolved.ts';
import { openStore } from '../../runtime/adapters/stores.ts';
import { NAME } from '../../spec/names.ts';
import { isPartition } from '../../spec/partition.ts';
import { openProject } from '../open-project.ts';
import { printFindings } from '../print.ts';
import { findProject, isFinding } from '../project.ts';
import { type DescribedRun, describeRun } from '../runs/describe-run.ts';
import { type Held, lookUpLoads } from '../runs/held.ts';
import { readRuns } from '../runs/read-runs.ts';
import { chain, list } from '../runs/report.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  file?: string;
  env: string;
  pipeline?: string;
  date?: string;
  limit: number;
  format: 'pretty' | 'json';
}

export function addRuns(program: Command, end: (code: number) => void): void {
  program
    .command('runs')
    .description('what ran, from the receipts in the store: the latest, or all of one run')
    .argument('[id]', 'a run: as this command lists it, its beginning, or its id in Airflow')
    .option('--env <name>', 'environment of the spec, whose store is read', 'local')
    .option('--pipeline <name>', 'only of this one', pipelineName)
    .option('--date <date>', 'only of this partition', date)
    .option('--limit <number>', 'the latest so many', limit, 20)
    .option('--format <name>', 'pretty, or json', format, 'pretty')
    .action(async (id: string | undefined, _, command: Command) =>
      end(await runs(id, command.optsWithGlobals<Options>())),
    );
}

async function runs(id: string | undefined, options: Options): Promise<number> {
  const project = findProject(options.file);
  const environment = await environmentOf(project, options.env);
  if (environment === undefined) return 1;
  const store = await openStore(environment.settings.store, project.home);
  const { pipeline, date } = options;
  const found = await readRuns(store, {
    id,
    pipeline,
    date,
    limit: id === undefined ? options.limit : undefined,
  });
  if (id !== undefined && found.runs.length === 0) {
    throw new UsageError(
      `there is no run "${id}" in ${store.location}: \`pipegen runs --env ${options.env}\` lists what is there`,
    );
  }
  const steps = new Map(environment.pipelines.map((one) => [one.name, stepsOf(one)]));
  const described = found.runs.map((run) => describeRun(run, steps.get(run.pipeline)));
  const { broken, more } = found;
  const held =
    id === undefined
      ? new Map<DescribedRun, Held>()
      : await lookUpLoads(environment, project.home, described);
  if (options.format === 'json') {
    const result = {
      version: 1,
      environment: environment.name,
      store: store.location,
      runs: described.map((run) => ({ ...run, ...(held.has(run) ? { warehouse: held.get(run) } : {}) })),
      more,
      broken,
    };
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  } else {
    process.stdout.write(
      `${pretty(described, more, id === undefined ? undefined : held, store.location).join('\n')}\n`,
    );
  }
  for (const name of broken) {
    process.stderr.write(
      `${name} can’t be read as a receipt, so its step is not shown: see what it is, or remove it and run the step again\n`,
    );
  }
  return broken.length > 0 ? 1 : 0;
}

function pretty(
  described: readonly DescribedRun[],
  more: number,
  held: ReadonlyMap<DescribedRun, Held> | undefined,
  location: string,
): string[] {
  if (described.length === 0) return [`${location}: no runs`];
  if (held === undefined) return list(described, more);
  return described.flatMap((run, index) => [...(index === 0 ? [] : ['']), ...chain(run, held.get(run))]);
}

/** Findings are printed only where they stand in the way: on stdout is what was asked for. */
async function environmentOf(
  project: ReturnType<typeof findProject>,
  name: string,
): Promise<ResolvedEnvironment | undefined> {
  const input = await openProject(project);
  if (isFinding(input)) {
    printFindings([input], new Map());
    return undefined;
  }
  const { spec, findings, texts } = check(input);
  if (spec === undefined || hasErrors(findings)) {
    printFindings(findings, texts);
    return undefined;
  }
  const environment = spec.environments.find((one) => one.name === name);
  if (environment !== undefined) return environment;
  const names = spec.environments.map((one) => one.name);
  throw new UsageError(`there is no environment "${name}": ${suggest(name, names) ?? ''}`);
}

function pipelineName(text: string): string {
  if (!NAME.test(text)) throw new InvalidArgumentError('a name of a pipeline is needed.');
  return text;
}

function date(text: string): string {
  if (!isPartition(text)) throw new InvalidArgumentError('a date such as 2026-01-31 is needed.');
  return text;
}

function limit(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 on is needed.');
  return Number(text);
}

function format(text: string): string {
  if (text !== 'pretty' && text !== 'json') throw new InvalidArgumentError('one of pretty, json is needed.');
  return text;
}
