import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AirflowVersion } from '../../src/spec/environment.ts';
import { program } from '../airflow/airflow.ts';

const COMMANDS = fileURLToPath(new URL('commands.py', import.meta.url));

/** Airflow's command line, one command after the other in one process. */
export class CommandLine {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(version: AirflowVersion, env: NodeJS.ProcessEnv) {
    this.#process = spawn(program(`airflow-${version}`, 'python'), [COMMANDS], { env });
    this.#answers = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
    // Warnings at import; what a command says is in its answer.
    this.#process.stderr.resume();
    // One that has died no longer reads; the missing answer says so.
    this.#process.stdin.on('error', () => undefined);
  }

  /** What the command printed; throws unless it succeeds. */
  run(args: readonly string[]): Promise<string> {
    const answer = this.#turn.then(() => this.#ask(args));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #ask(args: readonly string[]): Promise<string> {
    this.#process.stdin.write(`${JSON.stringify(args)}\n`);
    const { value, done } = await this.#answers.next();
    const command = `airflow ${args.join(' ')}`;
    if (done) throw new Error(`no answer to ${command}`);
    const { exit, output } = JSON.parse(value) as { exit: number; output: string };
    if (exit !== 0) throw new Error(`${command} ended with ${exit}\n${output}`);
    return output;
  }

  async close(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }
}
