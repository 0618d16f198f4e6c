import { createHash, randomBytes } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Answers of one kind, by name. What can't be read is no answer, what can't be written is worked out again. */
export interface UserCache {
  /**
   * Undefined where there is none, or none that can be trusted: damaged, or of somebody else.
   * @param decode undefined for what has not the right form; may throw
   */
  read<T>(name: string, decode: (content: Buffer) => T | undefined): T | undefined;
  write(name: string, content: Uint8Array): void;
}

const DAY = 86_400_000;

/**
 * A folder in the user's own cache folder, and not in the project: whoever can commit a file there could else say of a
 * spec that nothing is wrong with it.
 * @param kind name of the folder
 * @param most how many entries are kept, the ones that were looked at longest ago go first, and bytes of all of them
 */
export function openUserCache(kind: string, most: { entries: number; bytes: number }): UserCache {
  const folder = join(baseFolder(), 'pipegen', kind);
  let isTidy = false;
  return {
    read: (name, decode) =>
      unlessRefused(() => {
        const path = join(folder, name);
        const stats = lstatSync(path);
        const isOwn = process.getuid === undefined || stats.uid === process.getuid();
        if (!stats.isFile() || !isOwn || stats.size > most.bytes / 4) return undefined;
        const whole = readFileSync(path);
        const content = whole.subarray(DIGEST);
        if (whole.toString('latin1', 0, DIGEST) !== digestOf(content)) return undefined;
        const now = Date.now();
        if (now - stats.mtimeMs > DAY) utimesSync(path, now / 1000, now / 1000);
        return decode(content);
      }),
    write: (name, content) =>
      void unlessRefused(() => {
        if (content.length + DIGEST > most.bytes / 4) return;
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        if (!isTidy) tidy(folder, most);
        isTidy = true;
        put(join(folder, name), content);
      }),
  };
}

/** Whole or not at all, without waiting for the disk: what a crash leaves behind does not fit its digest. */
function put(path: string, content: Uint8Array): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, Buffer.concat([Buffer.from(digestOf(content)), content]), { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function tidy(folder: string, most: { entries: number; bytes: number }): void {
  const entries = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    // Another process may tidy up at the same time.
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path, mtimeMs: stats.mtimeMs, size: stats.size }];
  });
  let bytes = 0;
  for (const [index, { path, size }] of entries.sort((a, b) => b.mtimeMs - a.mtimeMs).entries()) {
    bytes += size;
    if (index >= most.entries || bytes > most.bytes) rmSync(path, { force: true });
  }
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function baseFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const own = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME;
  return own === undefined || own === '' ? join(homedir(), '.cache') : own;
}

/** SHA-256 in hex, and a line end. */
const DIGEST = 65;

function digestOf(content: Uint8Array): string {
  return `${createHash('sha256').update(content).digest('hex')}\n`;
}

function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
