import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const ROOT = join(import.meta.dirname, '..', '..');
const PYTHON = join(ROOT, '.venv', 'snowflake-emulator', 'bin', 'python');
const PROJECT = join(ROOT, 'python', 'snowflake-emulator');

/** See docs/snowflake-emulator.md, "Faults". */
export interface Fault {
  /** A regular expression that the statement must match, or `LOGIN`; without it, all do. */
  readonly match?: string;
  /** Which of the matching requests, from 1; the retries of a request count as that request. */
  readonly nth?: number;
  readonly phase?: 'before' | 'after' | 'chunk';
  readonly action: 'drop' | 'delay' | 'hang' | 'status' | 'error' | 'garbage' | 'truncate' | 'kill_session';
  /** How often in all; `all` meets every retry too. Default 1. */
  readonly count?: number | 'all';
  /** Of `delay` and `hang`, in seconds. */
  readonly s?: number;
  readonly status?: number;
  readonly code?: string;
  readonly sqlState?: string;
  readonly message?: string;
}

export interface LoggedStatement {
  readonly session: string;
  readonly queryId: string;
  readonly sql: string;
  readonly tag?: string;
  readonly status: 'running' | 'ok' | 'error' | 'resubmitted';
  readonly code?: string;
  readonly message?: string;
  /** The transaction that is open after the statement. */
  readonly tx?: number | null;
}

export interface Snowflake extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Folder of the objects of `gcs://bucket/path`, as `bucket/path`. */
  readonly gcsRoot: string;
  /** What snowflake-sdk needs to connect; nothing is checked. */
  readonly connection: {
    readonly account: string;
    readonly host: string;
    readonly port: number;
    readonly protocol: 'http';
    readonly username: string;
    readonly password: string;
    readonly database: string;
    readonly schema: string;
    readonly warehouse: string;
    readonly role: string;
  };
  /** Puts these faults in the place of all that were set. */
  faults(faults: readonly Fault[]): Promise<void>;
  /** How often the faults that are set have struck. */
  hits(): Promise<number>;
  /** Every statement so far, in the order of its start. */
  log(): Promise<LoggedStatement[]>;
  /** `chunk_rows`, `progress_after` (seconds), `abandon_s` (seconds), `strict`: see docs/snowflake-emulator.md. */
  config(values: Readonly<Record<string, number | boolean>>): Promise<void>;
  /** Ends all sessions, as a restart of the service would. */
  expire(): Promise<void>;
  sessions(): Promise<
    { id: string; tx: number | null; params: Record<string, unknown>; temps: string[][] }[]
  >;
  /** All requests to log in: what stood in the address, and the `data` of the body. */
  logins(): Promise<{ query: Record<string, string>; data: Record<string, unknown> }[]>;
}

/** The emulator of Snowflake on a free port. It ends with its owner, also where that is killed. */
export async function startSnowflake(options: { gcsRoot?: string } = {}): Promise<Snowflake> {
  const folder = await mkdtemp(join(tmpdir(), 'pipegen-snowflake-'));
  const gcsRoot = options.gcsRoot ?? join(folder, 'objects');
  await mkdir(gcsRoot, { recursive: true });
  const server = spawn(PYTHON, ['-m', 'snowflake_emulator', gcsRoot, join(folder, 'internal')], {
    cwd: PROJECT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => void server.once('close', () => resolve()));
  const port = await portOf(server).catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(
      url + path,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    );
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    port,
    url,
    gcsRoot,
    connection: {
      ...{ account: 'emulator', host: '127.0.0.1', port, protocol: 'http' },
      ...{ username: 'loader', password: 'none' },
      ...{ database: 'RAW', schema: 'PUBLIC', warehouse: 'LOADING', role: 'LOADER' },
    },
    faults: async (faults) => void (await ask('/_emu/faults', faults)),
    hits: async () => {
      const set = (await ask('/_emu/faults')) as { hits: number }[];
      return set.reduce((sum, { hits }) => sum + hits, 0);
    },
    log: () => ask('/_emu/log') as Promise<LoggedStatement[]>,
    config: async (values) => void (await ask('/_emu/config', values)),
    expire: async () => void (await ask('/_emu/expire', {})),
    sessions: () => ask('/_emu/sessions') as ReturnType<Snowflake['sessions']>,
    logins: () => ask('/_emu/logins') as ReturnType<Snowflake['logins']>,
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function portOf(server: ChildProcessByStdio<Writable, Readable, Readable>): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (data) => {
      said += data;
    });
    server.stdout.once('data', (data) => resolve(Number(data)));
    server.once('error', reject);
    server.once('close', (code) =>
      reject(
        new Error(
          `the emulator of Snowflake ended with ${code}; run scripts/setup.sh snowflake-emulator\n${said}`,
        ),
      ),
    );
  });
}
