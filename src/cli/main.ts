import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { StepError } from '../runtime/errors.ts';
import { addBuild } from './commands/build.ts';
import { addDemo } from './commands/demo.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addGc } from './commands/gc.ts';
import { addLint } from './commands/lint.ts';
import { addPreview } from './commands/preview.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addStandIn } from './commands/stand-in.ts';
import { UsageError } from './usage-error.ts';

/**
 * The command line. Exit codes: 0 clean; 1 an error finding, drift or a failed run; 2 wrong invocation; 3 a defect
 * of pipegen. Never throws.
 */
export async function main(args: readonly string[]): Promise<number> {
  let code = 0;
  const end = (value: number) => {
    code = value;
  };
  const program = new Command('pipegen')
    .description(
      'From a declarative pipelines.yaml to plain Airflow DAG files, and each of their steps on this machine.',
    )
    .version(version())
    .option('-f, --file <path>', 'the spec; else the nearest pipelines.yaml upwards')
    .showHelpAfterError('(pipegen --help, or pipegen COMMAND --help, lists what there is)')
    .exitOverride();
  addLint(program, end);
  addExplain(program);
  addBuild(program, end);
  addDiff(program, end);
  addRun(program, end);
  addRuns(program, end);
  addPreview(program, end);
  addDoctor(program, end);
  addGc(program, end);
  addStandIn(program, end);
  addDemo(program, end);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      process.stderr.write(`error: ${error.message}\n`);
      return 2;
    }
    // Of the store that the command line itself looks into, with a meaning of its own.
    if (error instanceof StepError) {
      process.stderr.write(`error: ${error.message}\n`);
      return 1;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `internal-error: this is a defect of pipegen ${version()}, not of your spec. Please report it with the lines below and, if you may, the spec.\n${text}\n`,
    );
    return 3;
  }
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
