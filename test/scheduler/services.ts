import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AirflowVersion } from '../../src/spec/environment.ts';
import { program } from '../airflow/airflow.ts';

const KEEPER = fileURLToPath(new URL('keeper.ts', import.meta.url));

/** The programs that make a running Airflow. */
export class Services {
  readonly #names: readonly string[];
  readonly #home: string;
  readonly #keeper: ChildProcessWithoutNullStreams;
  #ended = '';

  /** @param more programs beside those that each Airflow has: `triggerer` */
  constructor(version: AirflowVersion, home: string, env: NodeJS.ProcessEnv, more: readonly string[] = []) {
    const always = version === '2.11' ? ['scheduler'] : ['api-server', 'dag-processor', 'scheduler'];
    this.#names = [...always, ...more];
    this.#home = home;
    this.#keeper = spawn(process.execPath, [KEEPER], { env });
    // One that has died no longer reads; that it has ended is said by `ended`.
    this.#keeper.stdin.on('error', () => undefined);
    this.#keeper.once('exit', (code, signal) => {
      this.#ended += `the keeper ended with ${code ?? signal}\n`;
    });
    for (const stream of [this.#keeper.stdout, this.#keeper.stderr]) {
      stream.on('data', (data: Buffer) => {
        this.#ended += data;
      });
    }
    for (const name of this.#names) {
      const started = {
        command: program(`airflow-${version}`, 'airflow'),
        args: [name],
        log: this.#log(name),
      };
      this.#keeper.stdin.write(`${JSON.stringify(started)}\n`);
    }
  }

  /** Which of them is no longer there; empty while all are. */
  ended(): string {
    return this.#ended;
  }

  lastWords(): string {
    return this.#names
      .filter((name) => existsSync(this.#log(name)))
      .map((name) => `${name}:\n${readFileSync(this.#log(name), 'utf8').slice(-3000)}`)
      .join('\n');
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#keeper;
    if (exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#keeper.once('close', resolve));
    this.#keeper.stdin.end();
    await ended;
  }

  #log(name: string): string {
    return join(this.#home, `${name}.log`);
  }
}
