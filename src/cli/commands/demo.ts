import { relative } from 'node:path';
import type { Command } from 'commander';
import { lastClosedDay, range, shift } from '../../spec/partition.ts';
import { startStandIn } from '../../stand-in/server.ts';
import { checkSpec } from '../check-spec.ts';
import { scorecard } from '../demo/scorecard.ts';
import { findProject } from '../project.ts';
import { createProgress } from '../run/progress.ts';
import { runPipeline } from '../run/run-pipeline.ts';
import { summary } from '../run/summary.ts';
import { choose } from './run.ts';
import { standInEnvironment } from './stand-in.ts';

const ENVIRONMENT = 'local';
const DAYS = 3;

export function addDemo(program: Command, end: (code: number) => void): void {
  program
    .command('demo')
    .description(
      'the reference pipeline end to end on this machine: a stand-in for the API, files, DuckDB, dbt',
    )
    .action(async (_, command: Command) =>
      end(await demo(command.optsWithGlobals<{ file?: string }>().file)),
    );
}

async function demo(file: string | undefined): Promise<number> {
  const project = findProject(file);
  const { spec } = await checkSpec(project);
  if (spec === undefined) return 1;
  const standIn = await startStandIn();
  // The steps are processes of their own and find the stand-in by their environment.
  Object.assign(process.env, standInEnvironment(standIn));
  try {
    const last = lastClosedDay(new Date(), 'UTC');
    const partitions = range(shift(last, 1 - DAYS), last);
    const progress = createProgress(process.stderr, false);
    process.stderr.write(`A stand-in for AviationStack answers at ${standIn.url}.\n\n`);
    for (const [name, days] of [
      ['flights', partitions],
      ['partner_scorecard', [last]],
    ] as const) {
      const { environment, pipeline } = choose(spec, ENVIRONMENT, name);
      process.stderr.write(`pipeline ${name}\n`);
      const { receipts, ...result } = await runPipeline({
        environment,
        pipeline,
        home: project.home,
        partitions: days,
        options: {},
        progress,
      });
      process.stdout.write(`\n${summary(result, receipts)}\n`);
      if (result.status !== 'done') return 1;
    }
    const { environment } = choose(spec, ENVIRONMENT, 'flights');
    process.stdout.write(await scorecard(environment.settings.warehouse, project.home));
    process.stdout.write(next(last, relative(process.cwd(), project.home)));
    return 0;
  } finally {
    await standIn.close();
  }
}

function next(date: string, folder: string): string {
  const place = folder === '' ? '' : `cd ${folder} && `;
  return `
Three to try next:
  ${place}npx pipegen stand-in -- npx pipegen run flights --date ${date}    the same day again: the counts stay
  ${place}npx pipegen lint                                                     break pipelines.yaml first, and read
  ${place}npx pipegen build                                                    the DAG files: generated/local/dags/flights.py
`;
}
