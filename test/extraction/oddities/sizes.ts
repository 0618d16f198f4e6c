import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { jobOf } from '../rig.ts';
import { measured, startStep } from '../step-process.ts';
import type { Oddity } from './oddity.ts';

const MEBIBYTE = 1024 ** 2;
const GIBIBYTE = 1024;
/** Node, the step and one answer of the default `max_response`, 64 MiB, several times over; far from 1 GiB. */
const FLAT = 400 * MEBIBYTE;

type Changes = Parameters<typeof jobOf>[1];

/** Case of an answer that is too large, in a process of its own, whose memory must stay flat. */
function tooLarge(answer: (response: ServerResponse) => void, changes: Changes = {}): Oddity {
  return async (api) => {
    const list = api.mount((_, response) => answer(response));
    const home = mkdtempSync(join(tmpdir(), 'pipegen-extraction-'));
    try {
      const { environment, peak } = measured(home);
      const { exit, stdout } = await startStep('extract', jobOf(list.url, changes), home, environment).ended;
      expect(stdout).toContain('raise max_response');
      expect(peak()).toBeLessThan(FLAT);
      return { extract: exit ?? -1, requests: list.requests, upload: null };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  };
}

/** One GiB in chunks, as fast as it is taken, up to where the reader leaves. */
function stream(response: ServerResponse): void {
  const chunk = Buffer.alloc(MEBIBYTE, ' ');
  let left = GIBIBYTE;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end();
  };
  response.on('error', () => undefined);
  more();
}

/** One GiB of zeros in a MiB: as many members as it takes, which is a gzip file too (RFC 1952, 2.2). */
function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(MEBIBYTE));
  return Buffer.concat(Array.from({ length: GIBIBYTE }, () => member));
}

export const SIZES: Readonly<Record<string, Oddity>> = {
  'a body of 1 GiB': tooLarge(stream),
  'a gzip bomb, 1 GiB in 1 MiB': tooLarge(
    (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb()),
  ),
  'a gzip bomb as a file': tooLarge((response) => void response.end(bomb()), {
    path: '/file.csv.gz',
    records: '',
    format: { kind: 'csv' },
  }),
};
