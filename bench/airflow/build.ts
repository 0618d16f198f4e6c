import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIGEST, specText } from './spec.ts';

/** `pipegen build` as people start it, process and all: cold, again, and with one pipeline changed. */
const ENTRY = fileURLToPath(new URL('../../bin/pipegen.js', import.meta.url));
const COUNTS = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000];

/** Runs before the command and, when it ends, says the seconds of processor time that it took. */
const CLOCK = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, String((user + system) / 1e6));
  });`)}`;

interface Built {
  readonly wall: number;
  readonly cpu: number;
  readonly files: string;
}

function build(folder: string): Built {
  const begun = performance.now();
  const ended = spawnSync(process.execPath, ['--import', CLOCK, ENTRY, 'build'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  if (ended.status !== 0) throw new Error(`pipegen build ended with ${ended.status}\n${ended.stderr}`);
  const wall = (performance.now() - begun) / 1000;
  return { wall, cpu: Number(ended.output[3]), files: lastLine(ended.stdout + ended.stderr) };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function measure(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-bench-'));
  try {
    const spec = join(folder, 'pipelines.yaml');
    writeFileSync(join(folder, 'image.digest'), DIGEST);
    const say = (what: string, { wall, cpu, files }: Built) =>
      console.log(
        `${count} pipelines, ${what}: ${wall.toFixed(1)} s, ${cpu.toFixed(1)} s of processor, ${files}`,
      );
    writeFileSync(spec, specText(count));
    say('cold', build(folder));
    say('again', build(folder));
    writeFileSync(spec, specText(count, Math.floor(count / 2)));
    say('one changed', build(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const count of COUNTS) measure(count);
