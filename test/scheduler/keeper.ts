/**
 * Starts programs for a test and ends them, with all that they have started, when its standard input ends: on a
 * word, on a failed test, and also when the test is killed.
 *
 * Reads `{command, args, log}` per line; says by a line which program has ended before its time.
 */
import { spawn, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';

createInterface(process.stdin)
  .on('line', (line) => {
    const { command, args, log } = JSON.parse(line) as { command: string; args: string[]; log: string };
    const file = openSync(log, 'a');
    const child = spawn(command, args, { stdio: ['ignore', file, file] });
    child.once('exit', (code, signal) => console.log(`${args.join(' ')} ended with ${code ?? signal}`));
  })
  .on('close', () => {
    for (const pid of descendants()) signal(pid, 'SIGKILL');
    process.exit();
  });

/**
 * Airflow puts its children into groups of their own, so they are found by their parents. Each is stopped before its
 * own children are looked for: it starts no more of them.
 */
function descendants(): number[] {
  const found = new Set([process.pid]);
  for (let next = [process.pid]; next.length > 0; ) {
    const table = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    const pairs = table.stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    next = pairs
      .filter(([pid = 0, parent = 0]) => found.has(parent) && !found.has(pid) && pid !== table.pid)
      .map(([pid = 0]) => pid);
    for (const pid of next) {
      signal(pid, 'SIGSTOP');
      found.add(pid);
    }
  }
  found.delete(process.pid);
  return [...found];
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
