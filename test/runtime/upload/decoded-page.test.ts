import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { decodedPage, releasePage } from '../../../src/runtime/steps/upload/decoded-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipegen-decoded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(bytes: Uint8Array): string {
  const path = join(folder, 'page.gz');
  writeFileSync(path, bytes);
  return path;
}

test.each([0, 1, 63, 64, 100_000])('decodes a page of %d bytes', async (size) => {
  const page = Buffer.alloc(size, 'record ');
  const decoded = await decodedPage(file(gzipSync(page)));
  expect(decoded.equals(page)).toBe(true);
  releasePage(decoded);
});

test('refuses a page that is cut off, whatever its last bytes are', async () => {
  const whole = gzipSync(Buffer.from('record '.repeat(1000)));
  await expect(decodedPage(file(whole.subarray(0, whole.length - 9)))).rejects.toThrow(
    'unexpected end of file',
  );
  const lie = Buffer.concat([whole.subarray(0, 20), Buffer.from([0xff, 0xff, 0xff, 0xff])]);
  await expect(decodedPage(file(lie))).rejects.toThrow();
  await expect(decodedPage(file(Buffer.from([1])))).rejects.toThrow();
});
