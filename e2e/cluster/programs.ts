import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Nothing that is waited for takes longer, also on a busy machine. */
const PATIENCE = 600_000;

/** The long-running programs of a cluster, each with a log of its own. */
export class Programs {
  readonly #logs: string;
  readonly #running = new Map<string, ChildProcess>();

  constructor(logs: string) {
    this.#logs = logs;
  }

  /** @param path the program; its log is named by `name` */
  start(name: string, path: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
    const log = openSync(join(this.#logs, `${name}.log`), 'a');
    // A group of its own: what ends a test at the terminal must leave it alive until it is ended in its turn.
    const child = spawn(path, args, {
      stdio: ['ignore', log, log],
      detached: true,
      env: { PATH: process.env.PATH, HOME: this.#logs, ...env },
    });
    closeSync(log);
    this.#running.set(name, child);
    child.once('error', () => this.#running.delete(name));
  }

  /** Ends one at once and waits until it is gone. */
  async kill(name: string): Promise<void> {
    const child = this.#running.get(name);
    if (child === undefined || hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Looks again and again until something holds; throws when a program ends meanwhile, or after ten minutes. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (const end = Date.now() + PATIENCE; ; await sleep(250)) {
      if (await holds()) return;
      const dead = [...this.#running].find(([, child]) => hasEnded(child));
      if (dead === undefined && Date.now() < end) continue;
      const reason = dead === undefined ? 'too long' : `${dead[0]} has ended\n${this.#lastWords(dead[0])}`;
      throw new Error(`waited for ${what}: ${reason}\nThe logs are in ${this.#logs}`);
    }
  }

  #lastWords(name: string): string {
    const log = join(this.#logs, `${name}.log`);
    return existsSync(log) ? readFileSync(log, 'utf8').slice(-3000) : '';
  }
}

function hasEnded({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}
