import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Job } from '../../../src/spec/job.ts';
import type { Step } from '../../../src/spec/steps.ts';
import { type Finished, startStep } from '../step-process.ts';
import { foundIn } from './forms.ts';

/** A container has this file, a machine for tests has not: the process gets one of its own in its place. */
const TERMINATION = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { existsSync, writeFileSync } = fs;
const own = (path) => (path === '/dev/termination-log' ? process.env.TERMINATION_LOG : path);
fs.existsSync = (path) => path === '/dev/termination-log' || existsSync(path);
fs.writeFileSync = (path, ...rest) => writeFileSync(own(path), ...rest);
syncBuiltinESMExports();`;

export interface Leakproof extends Disposable {
  readonly home: string;
  /** Texts of all pages that were landed. */
  pages(): string;
  /** Runs a step in a process of its own, with more options of Node; fails where a byte that it left has a secret in it. */
  run(step: Step, job: Job, environment: Record<string, string>, options?: string): Promise<Finished>;
}

/** @param forms that must not be written anywhere */
export function openLeakproof(forms: readonly string[]): Leakproof {
  const home = mkdtempSync(join(tmpdir(), 'pipegen-secret-'));
  const termination = join(home, 'termination-log');
  return {
    home,
    pages: () =>
      filesBelow(home)
        .filter((file) => file.endsWith('.gz'))
        .map((file) => gunzipSync(readFileSync(file)).toString())
        .join('\n'),
    async run(step, job, environment, options = '') {
      const finished = await startStep(step, job, home, {
        ...environment,
        TERMINATION_LOG: termination,
        NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TERMINATION)} ${options}`,
      }).ended;
      expectNowhere(home, finished, forms);
      if (finished.exit !== 0)
        expect(readFileSync(termination, 'utf8')).toMatch(new RegExp(`^${step}: .+\n$`));
      return finished;
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

function expectNowhere(home: string, { stdout, stderr }: Finished, forms: readonly string[]): void {
  const files = filesBelow(home);
  const places: [string, Buffer][] = [
    ['stdout', Buffer.from(stdout)],
    ['stderr', Buffer.from(stderr)],
    ['names of files', Buffer.from(files.join('\n'))],
    ...files.map((file): [string, Buffer] => {
      const bytes = readFileSync(file);
      return [file, file.endsWith('.gz') ? gunzipSync(bytes) : bytes];
    }),
  ];
  expect(places.length).toBeGreaterThan(3);
  const found = places.flatMap(([place, bytes]) =>
    foundIn(bytes, forms).map((form) => `${form} in ${place}`),
  );
  expect(found).toEqual([]);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
