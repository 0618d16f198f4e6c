import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { type Finished, filesBelow, type Project } from './project.ts';

/** That a key is in no byte that a run wrote or printed: plain, percent-encoded, base64, zipped pages unzipped. */
export function expectNoSecret(key: string, project: Project, finished: readonly Finished[]): void {
  const forms = [key, encodeURIComponent(key), Buffer.from(key).toString('base64').replace(/=+$/, '')];
  const texts = finished.flatMap(({ stdout, stderr }) =>
    [stdout, stderr].map((text) => ['output', Buffer.from(text)] as const),
  );
  const files = [...filesBelow(project.folder)].flatMap(({ path, bytes }) =>
    path.endsWith('.gz')
      ? [[path, bytes] as const, [path, gunzipSync(bytes)] as const]
      : [[path, bytes] as const],
  );
  const found = [...texts, ...files].filter(([, bytes]) => forms.some((form) => bytes.includes(form)));
  expect(found.map(([place]) => place)).toEqual([]);
}
