import { Command, CommanderError } from 'commander';
import { OutputError } from '../compiler/output/output-error.ts';
import { StepError } from '../runtime/errors.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

type AddCommand = (program: Command, end: (code: number) => void) => void;

/** In the order of the help. Each brings with it what its command needs, which is a second for some. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  lint: async () => (await import('./commands/lint.ts')).addLint,
  explain: async () => (await import('./commands/explain.ts')).addExplain,
  build: async () => (await import('./commands/build.ts')).addBuild,
  diff: async () => (await import('./commands/diff.ts')).addDiff,
  run: async () => (await import('./commands/run.ts')).addRun,
  runs: async () => (await import('./commands/runs.ts')).addRuns,
  schema: async () => (await import('./commands/schema.ts')).addSchema,
  preview: async () => (await import('./commands/preview.ts')).addPreview,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  gc: async () => (await import('./commands/gc.ts')).addGc,
  'stand-in': async () => (await import('./commands/stand-in.ts')).addStandIn,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
};

/** The command that is asked for; all of them where it is none of them, for the help. */
function commandsFor(args: readonly string[]): Promise<AddCommand[]> {
  const [asked = ''] = args.filter((one, index) => {
    return !one.startsWith('-') && !['-f', '--file'].includes(args[index - 1] ?? '');
  });
  const isHelp = args.slice(0, args.indexOf(asked)).some((one) => one === '-h' || one === '--help');
  const isKnown = Object.hasOwn(COMMANDS, asked) && !isHelp;
  const chosen = Object.entries(COMMANDS).filter(([name]) => !isKnown || name === asked);
  return Promise.all(chosen.map(([, load]) => load()));
}

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
  for (const add of await commandsFor(args)) add(program, end);
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
    // Of the store that the command line itself looks into, or of the disk: with a meaning of its own.
    if (error instanceof StepError || error instanceof OutputError) {
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
