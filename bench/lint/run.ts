import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { specFiles } from './spec.ts';

/** `pipegen lint` as people start it, process and all: cold, again with its cache, and with one pipeline changed. */
const ENTRY = fileURLToPath(new URL('../../bin/pipegen.js', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { files: { type: 'string', default: '50' } },
});
const COUNTS = positionals.length > 0 ? positionals.map(Number) : [500, 5000];
const FILES = Number(values.files);

/** Runs before the command and, when it ends, says seconds of processor time and the most memory, in MiB. */
const CLOCK = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, JSON.stringify([(user + system) / 1e6, process.resourceUsage().maxRSS / 1024]));
  });`)}`;

function lint(folder: string, what: string, count: number): void {
  const begun = performance.now();
  const ended = spawnSync(process.execPath, ['--import', CLOCK, ENTRY, 'lint'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  if (ended.status !== 0) throw new Error(`pipegen lint ended with ${ended.status}\n${ended.stdout}`);
  const wall = (performance.now() - begun) / 1000;
  const [cpu = 0, memory = 0] = JSON.parse(ended.output[3] ?? '[]') as number[];
  console.log(
    `${count} pipelines, ${what}: ${wall.toFixed(2)} s, ${cpu.toFixed(2)} s of processor, ${memory.toFixed(0)} MiB`,
  );
}

function measure(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-bench-'));
  try {
    const put = (changed?: number) => {
      for (const [path, text] of specFiles(count, FILES, changed)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    };
    put();
    lint(folder, 'cold', count);
    lint(folder, 'again', count);
    put(Math.floor(count / 2));
    lint(folder, 'one changed', count);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const count of COUNTS) measure(count);
