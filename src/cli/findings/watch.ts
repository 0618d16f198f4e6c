import { setTimeout as wait } from 'node:timers/promises';
import { isFinding, type Project, readProject } from '../project.ts';
import { type Answer, stateOf } from './answers.ts';

/** Asked again rather than told by the system: that works on every disk, and for files that are not there yet. */
const PERIOD = 300;

/** A new look begins at the top of the screen. */
const CLEAR = '\u001B[2J\u001B[3J\u001B[H';

/**
 * Lints now, and again whenever something that was read for it has changed and then stayed for a moment, until
 * SIGINT or SIGTERM, which end it without an error.
 * @param lint says what it found, and returns what it read
 */
export async function watchProject(project: Project, lint: () => Promise<readonly Answer[]>): Promise<void> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    while (!abort.signal.aborted) {
      if (process.stdout.isTTY === true) process.stdout.write(CLEAR);
      const answers = await lint();
      process.stderr.write(`${project.file}: waiting for a change, Ctrl-C ends\n`);
      await change(project, answers, abort.signal);
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Ends when the questions are answered otherwise than they were, and twice in the same way. */
async function change(project: Project, answers: readonly Answer[], signal: AbortSignal): Promise<void> {
  const known = answers.length === 0 ? MISSING : answers.map(({ hash }) => hash).join('\n');
  for (let before = known; ; ) {
    await wait(PERIOD, undefined, { signal });
    const files = readProject(project);
    const now = isFinding(files) ? MISSING : stateOf(answers, files);
    if (now !== known && now === before) return;
    before = now;
  }
}

/** Of a spec that is not there. */
const MISSING = 'missing';
