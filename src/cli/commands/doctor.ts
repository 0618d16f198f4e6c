import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { suggest } from '../../compiler/did-you-mean.ts';
import { duration, milliseconds } from '../../spec/quantities.ts';
import type { Answer } from '../doctor/probe.ts';
import { isSound, jsonReport, line, summary } from '../doctor/report.ts';
import { examineSpec } from '../doctor/spec.ts';
import { openProject } from '../open-project.ts';
import { printFindings } from '../print.ts';
import { findProject, isFinding } from '../project.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  file?: string;
  env: string;
  out: string;
  deadline: string;
  format: 'pretty' | 'json';
}

export function addDoctor(program: Command, end: (code: number) => void): void {
  program
    .command('doctor')
    .description(
      'try all that the steps of an environment need, and say what is missing and how to repair it',
    )
    .requiredOption('--env <name>', 'environment of the spec')
    .option('--out <folder>', 'where the generated files are, relative to the spec', 'generated')
    .option('--deadline <duration>', 'how long one look may take', deadline, '1m')
    .addOption(
      new Option('--format <format>', 'for people or for programs')
        .choices(['pretty', 'json'])
        .default('pretty'),
    )
    .action(async (_, command: Command) => end(await doctor(command.optsWithGlobals<Options>())));
}

async function doctor({ file, env, out, deadline: patience, format }: Options): Promise<number> {
  const project = findProject(file);
  const input = await openProject(project);
  if (isFinding(input)) {
    printFindings([input], new Map());
    return 1;
  }
  const { compiled, answers } = examineSpec(input, env, project.home, out);
  const { spec, dags } = compiled;
  const environments = spec?.environments.map(({ name }) => name) ?? [env];
  if (!environments.includes(env)) {
    throw new UsageError(`there is no environment "${env}": ${suggest(env, environments) ?? ''}`);
  }
  const report: Answer[] = [];
  const tell = (answer: Answer) => {
    report.push(answer);
    if (format === 'pretty') process.stdout.write(line(answer));
  };
  for (const answer of answers) tell(answer);
  const abort = new AbortController();
  const environment = spec?.environments.find(({ name }) => name === env);
  if (spec !== undefined && environment !== undefined && dags.length > 0) {
    // Its probes bring the runtime with them, which a spec with errors shall not wait for.
    const { examine } = await import('../doctor/doctor.ts');
    const stop = () => abort.abort(new Error('stopped'));
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const scratch = mkdtempSync(join(tmpdir(), 'pipegen-doctor-'));
    try {
      const options = { spec, environment, dags, home: project.home, scratch };
      const limits = { deadline: milliseconds(patience), variables: process.env, signal: abort.signal };
      for await (const answer of examine({ ...options, ...limits })) tell(answer);
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  process.stdout.write(format === 'json' ? jsonReport(env, report) : summary(report));
  // Who stopped it does not know what the rest would have said.
  return isSound(report) && !abort.signal.aborted ? 0 : 1;
}

function deadline(text: string): string {
  if (duration.safeParse(text).success && milliseconds(text) > 0) return text;
  throw new InvalidArgumentError('a duration is needed, such as 30s.');
}
