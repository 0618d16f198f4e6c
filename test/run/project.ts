import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { standInEnvironment } from '../../src/cli/commands/stand-in.ts';
import type { RunResult } from '../../src/cli/run/result.ts';
import type { StandIn } from '../../src/stand-in/server.ts';
import { queryFile } from './tables.ts';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const ENTRY = join(REPOSITORY, 'bin/pipegen.js');

// biome-ignore lint/suspicious/noExplicitAny: a parsed spec that a test changes
type Spec = any;

/** A folder with the repository's own spec, hurried for tests, and everything that a run writes. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  /** `pipegen …` in this folder. */
  pipegen(args: readonly string[], standIn?: StandIn): Promise<Finished>;
  /** The same, to be killed: a process group of its own. */
  start(args: readonly string[], standIn?: StandIn): ChildProcess;
  /** `pipegen run … --format json`, parsed. */
  run(args: readonly string[], standIn: StandIn): Promise<Finished & { result: RunResult }>;
  /** All rows of a table, without what differs from run to run, sorted. */
  rows(table: string): Promise<string[]>;
  /** Rows of one query, as JSON. */
  query(sql: string): Promise<unknown[][]>;
  /** Changes the spec on disk. */
  edit(change: (spec: Spec) => void): void;
}

export interface Finished {
  exit: number;
  stdout: string;
  stderr: string;
}

/** What the comments of the repository's spec silence, which parsing loses. */
function silenced(text: string): string {
  return text
    .replace(/^defaults:/m, '# pipegen-ignore missing-alert-route: nobody to tell\n$&')
    .replace(/^( +)columns:\n +- flight_date$/m, '$1# pipegen-ignore nullable-key: kept as they come\n$&');
}

export function createProject(options: { dbt: boolean; change?: (spec: Spec) => void }): Project {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-run-'));
  const path = join(folder, 'pipelines.yaml');
  const edit = (change: (spec: Spec) => void) => {
    const spec: Spec = parse(readFileSync(path, 'utf8'));
    change(spec);
    writeFileSync(path, silenced(stringify(spec)));
  };
  cpSync(join(REPOSITORY, 'pipelines.yaml'), path);
  cpSync(join(REPOSITORY, 'image.digest'), join(folder, 'image.digest'));
  cpSync(join(REPOSITORY, 'dbt'), join(folder, 'dbt'), { recursive: true });
  edit((spec) => {
    spec.sources.aviationstack.retry.backoff = { initial: '5ms', max: '20ms' };
    spec.sources.aviationstack.rate_limit = { requests: 100_000, per: '1s' };
    if (!options.dbt) delete spec.pipelines.flights.dbt;
    options.change?.(spec);
  });
  const environment = (standIn: StandIn | undefined): NodeJS.ProcessEnv => ({
    ...process.env,
    NO_COLOR: '1',
    XDG_CACHE_HOME: join(folder, '.cache'),
    PIPEGEN_DBT: join(REPOSITORY, '.venv/dbt/bin/dbt'),
    ...(standIn === undefined ? {} : standInEnvironment(standIn)),
  });
  const start = (args: readonly string[], standIn?: StandIn) =>
    spawn(process.execPath, [ENTRY, ...args], {
      cwd: folder,
      env: environment(standIn),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  const pipegen = (args: readonly string[], standIn?: StandIn) => finish(start(args, standIn));
  const query = (sql: string) => queryFile(join(folder, '.pipegen/warehouse.duckdb'), sql);
  return {
    folder,
    pipegen,
    start,
    edit,
    query,
    run: async (args, standIn) => {
      const finished = await pipegen(['run', ...args, '--format', 'json'], standIn);
      try {
        return { ...finished, result: JSON.parse(finished.stdout) as RunResult };
      } catch {
        throw new Error(`no JSON on stdout:\n${finished.stdout}\n${finished.stderr}`);
      }
    },
    rows: async (table) => {
      const columns = await query(
        `select column_name from information_schema.columns where table_schema || '.' || table_name = '${table}'
         and (column_name not like '\\_pipegen\\_%' escape '\\' or column_name in ('_pipegen_partition', '_pipegen_row_hash'))
         order by column_name`,
      );
      const names = columns.map(([name]) => `"${String(name)}"`).join(', ');
      const rows = await query(`select ${names} from ${table}`);
      return rows.map((row) => JSON.stringify(row)).sort();
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function finish(child: ChildProcess): Promise<Finished> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => stdout.push(data));
  child.stderr?.on('data', (data: Buffer) => stderr.push(data));
  const exit = await new Promise<number>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143)));
  });
  return { exit, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** Every file below a folder with its bytes. */
export function* filesBelow(folder: string): Generator<{ path: string; bytes: Buffer }> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    yield { path, bytes: readFileSync(path) };
  }
}
