// Runs every check and every test, and ends with one line that counts them all. Arguments go to vitest, and then only
// the tests under test/ are run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whyImpossible } from '../e2e/possible.ts';
import { count, countsLine, isSuccess, notPassed, type TestRecord, vitestRecords } from './test-report.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, '.cache', 'test');
const recordsFile = join(folder, 'records.json');

// Tools that see CI=true print colours into files too.
const environment: NodeJS.ProcessEnv = { ...process.env, PIPEGEN_TEST_RECORDS: recordsFile };
if (!process.stdout.isTTY) {
  environment.NO_COLOR = '1';
  delete environment.FORCE_COLOR;
}

/** Runs a command of this repository's packages with its output on ours; the exit code, 1 if it was killed. */
function run(name: string, ...command: string[]): number {
  console.log(`\n== ${name}`);
  const [program = '', ...words] = ['npx', '--no-install', ...command];
  const { status, error } = spawnSync(program, words, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) console.log(`${program} could not be started: ${error.message}`);
  return status ?? 1;
}

function check(name: string, ...command: string[]): TestRecord {
  const state = run(name, ...command) === 0 ? 'passed' : 'failed';
  return { file: 'check', name, state };
}

function tests(name: string, ...args: string[]): TestRecord[] {
  rmSync(recordsFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=./scripts/record-tests.ts'];
  const code = run(name, 'vitest', 'run', ...reporters, ...args);
  return vitestRecords(readIfThere(recordsFile), code);
}

/** DAGs in pods; a machine that can't run them says so in the counts. */
async function endToEnd(): Promise<TestRecord[]> {
  const reason = await whyImpossible();
  if (reason === undefined) return tests('end to end', '--config', 'e2e/vitest.config.ts');
  return [{ file: 'e2e', name: 'DAGs in pods of a real Kubernetes', state: 'skipped', reason }];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const chosen = process.argv.slice(2);
const records = [
  check('types', 'tsc'),
  check('format and lint', 'biome', 'check', '.'),
  check('generated files are up to date', 'pipegen', 'build', '--check'),
  ...tests('tests', ...chosen),
  ...(chosen.length === 0 ? await endToEnd() : []),
];
const counts = count(records);

console.log('');
for (const line of notPassed(records)) console.log(line);
console.log(`Checks and tests: ${countsLine(counts)}.`);
writeFileSync(join(folder, 'counts.txt'), `${countsLine(counts)}\n`);
process.exitCode = isSuccess(counts) ? 0 : 1;
