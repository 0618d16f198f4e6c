import { spawn } from 'node:child_process';
import { once } from 'node:events';

const CODE = `
import { writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
const [path, mark] = process.argv.slice(1);
const instance = await DuckDBInstance.create(path);
process.stdout.write('open');
process.stdin.resume().on('end', () => setTimeout(() => {
  writeFileSync(mark, '');
  process.exit(0);
}, 500));`;

/**
 * Another process that has the database file open. Half a second after its input ends it writes the empty file
 * `mark` and lets go.
 */
export async function holdOpen(path: string, mark: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CODE, path, mark], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const exit = once(child, 'exit');
  return {
    /** Resolves once the process has ended. */
    release: async () => {
      child.stdin.end();
      await exit;
    },
  };
}
