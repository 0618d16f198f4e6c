import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_MESSAGE = 500;

const watched = new Set<string>();

/**
 * Ends the process with one line where a rule of the project throws when nobody waits for it any more, in a promise or
 * a timer: Node would print a stack, of which half is ours.
 *
 * @param folder of the project, absolute and without links
 */
export function watchForStrayErrors(folder: string): void {
  if (watched.has(folder)) return;
  watched.add(folder);
  process.on('uncaughtException', (error: unknown) => {
    const place = placeIn(error, folder);
    const [first = ''] = String(error).split('\n');
    process.stderr.write(
      place === undefined
        ? `internal-error: ${error instanceof Error ? error.stack : first}\n`
        : `error: ${place}: a rule of the project threw ${first.slice(0, MAX_MESSAGE)} that nobody waits for: let its check end before, and catch what it starts\n`,
    );
    process.exit(place === undefined ? 3 : 1);
  });
}

/** The first line of the stack that is in a file of the project: `rules/owner.ts:12:9`. */
function placeIn(error: unknown, folder: string): string | undefined {
  const stack = error instanceof Error ? String(error.stack) : '';
  for (const [, url = '', position] of stack.matchAll(/(file:\/\/[^\s()]+?)(?:\?[^\s()]*?)?:(\d+:\d+)/g)) {
    const path = relative(folder, fileURLToPath(url));
    if (path.startsWith('..') || path.includes(`node_modules${sep}`)) continue;
    return `${path.replaceAll(sep, '/')}:${position}`;
  }
  return undefined;
}
