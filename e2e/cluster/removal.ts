import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClusterFolder } from './folder.ts';

const REMOVER = fileURLToPath(new URL('remover.ts', import.meta.url));

/** What removes a cluster when it is disposed of, and also when this process is interrupted or killed. */
export class Removal implements AsyncDisposable {
  readonly #folder: ClusterFolder;
  readonly #remover;
  readonly #ended: Promise<number | null>;

  constructor(folder: ClusterFolder) {
    this.#folder = folder;
    this.#remover = spawn(process.execPath, [REMOVER, folder.path], {
      stdio: ['pipe', 'inherit', 'inherit'],
      // Not in the group that the terminal interrupts: it works when the others have ended.
      detached: true,
    });
    this.#ended = new Promise((resolve) => this.#remover.once('exit', resolve));
  }

  /** Says that the logs need not be kept. */
  forgetLogs(): void {
    this.#remover.stdin.write('remove\n');
  }

  /** Throws where something could not be removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#remover.stdin.end();
    const exit = await this.#ended;
    if (exit !== 0) throw new Error(`what is in ${this.#folder.path} could not be removed; see above`);
  }
}
