import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configuration, stopped, temporary } from '../../errors.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { duckdbFailure, isLockConflict } from './failure.ts';

/** Milliseconds that another process may have the file open before a step gives up. */
const PATIENCE = 60_000;
/** Between two looks at a lock. */
const PAUSE = 250;

/** The last that asked for a file in this process. DuckDB's lock keeps out other processes only. */
const turns = new Map<string, Promise<void>>();

/**
 * Opens a database file for writing, once no one else in this process or another has it open. After `patience` ms
 * of another process's lock it fails as temporary. Disposing of the engine lets the next one in.
 */
export async function openFile(
  options: EngineOptions & { readonly path: string },
  patience = PATIENCE,
): Promise<Engine> {
  const { path, signal, log } = options;
  const { promise: done, resolve: closed } = Promise.withResolvers<void>();
  const before = turns.get(path);
  turns.set(path, done);
  await before;
  try {
    await makeFolder(dirname(path));
    const deadline = performance.now() + patience;
    for (let waiting = false; ; waiting = true) {
      if (signal.aborted) throw stopped();
      try {
        return await Engine.open({ ...options, closed });
      } catch (error) {
        if (!isLockConflict(error)) throw duckdbFailure(error, `open ${path}`);
        if (performance.now() >= deadline) {
          throw temporary(
            `${path} has been locked by another process for ${Math.round(patience / 1000)} s: close what has it open (${holder(error)}), then run again`,
            error,
          );
        }
        if (!waiting) log.info({ event: 'waiting_for_lock', path }, `waiting for the lock of ${path}`);
        await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
      }
    }
  } catch (error) {
    closed();
    throw error;
  }
}

/** Returns once the file can be opened for writing, for a program that does not wait for a lock itself. */
export async function waitForFile(options: EngineOptions & { readonly path: string }): Promise<void> {
  const engine = await openFile(options);
  engine[Symbol.dispose]();
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw configuration(
      `the folder ${folder} of the warehouse can't be made: ${(error as Error).message}`,
      error,
    );
  }
}

function holder(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  return /Conflicting lock is held in (.*? \(PID \d+\))/.exec(text)?.[1] ?? 'DuckDB does not say what';
}
