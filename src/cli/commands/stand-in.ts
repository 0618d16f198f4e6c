import { spawn } from 'node:child_process';
import { type Command, InvalidArgumentError } from 'commander';
import { isPartition } from '../../spec/partition.ts';
import { startStandIn } from '../../stand-in/server.ts';

const PLANS = ['free', 'basic', 'professional', 'business'] as const;

interface Options {
  port: number;
  plan: (typeof PLANS)[number];
  today?: string;
}

/** Variables that point a pipeline at a stand-in. */
export function standInEnvironment({ url, key }: { url: string; key: string }): Record<string, string> {
  return { PIPEGEN_VAR_AVIATIONSTACK_URL: url, AVIATIONSTACK_ACCESS_KEY: key };
}

export function addStandIn(program: Command, end: (code: number) => void): void {
  program
    .command('stand-in')
    .description('an AviationStack on this machine: for ever, or for as long as the command after -- runs')
    .argument('[command...]', 'runs with the stand-in’s address and key in its environment')
    .option('--port <number>', 'where it listens; 0 picks a free one', port, 0)
    .option('--plan <name>', `what the key may: ${PLANS.join(', ')}`, plan, 'professional')
    .option('--today <date>', 'the day it takes for today', date)
    .action(async (words: string[], options: Options) => {
      const standIn = await startStandIn({
        port: options.port,
        plan: options.plan,
        ...(options.today === undefined ? {} : { today: options.today }),
      });
      try {
        const [name, ...rest] = words;
        end(
          name === undefined ? await serve(standIn) : await during(name, rest, standInEnvironment(standIn)),
        );
      } finally {
        await standIn.close();
      }
    });
}

async function serve(standIn: { url: string; key: string }): Promise<number> {
  const lines = Object.entries(standInEnvironment(standIn)).map(([name, value]) => `export ${name}=${value}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  process.stderr.write('the stand-in for AviationStack listens; Ctrl+C ends it\n');
  await new Promise<void>((resolve) => void process.once('SIGINT', resolve).once('SIGTERM', resolve));
  return 0;
}

async function during(name: string, rest: string[], variables: Record<string, string>): Promise<number> {
  const child = spawn(name, rest, { stdio: 'inherit', env: { ...process.env, ...variables } });
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
    });
  } finally {
    process.off('SIGTERM', forward).off('SIGINT', forward);
  }
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('a port is 0 to 65535.');
  return value;
}

function plan(text: string): Options['plan'] {
  const found = PLANS.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`one of ${PLANS.join(', ')}.`);
  return found;
}

function date(text: string): string {
  if (!isPartition(text)) throw new InvalidArgumentError('a date such as 2026-01-31.');
  return text;
}
