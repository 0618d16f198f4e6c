import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { meaningOf } from '../../../src/runtime/adapters/files/file-errors.ts';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { collect } from '../http/collect.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'pipegen-files-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const put = (store: ReturnType<typeof createFilesStore>, name: string, text: string) =>
  store.putIfAbsent(name, { bytes: Buffer.from(text) }, sha256(Buffer.from(text)));

const names = async (store: ReturnType<typeof createFilesStore>, prefix: string) =>
  (await collect(store.list(prefix))).map((one) => one.name);

test('an object is written once, a repeat of it is success, another content is a defect', async () => {
  const root = join(folder(), 'lake', 'deep');
  const store = createFilesStore(root);
  expect(await put(store, 'a/b/page.gz', 'one')).toEqual({ created: true, size: 3 });
  expect(await put(store, 'a/b/page.gz', 'one')).toEqual({ created: false, size: 3 });
  await expect(put(store, 'a/b/page.gz', 'two')).rejects.toMatchObject({ exit: EXIT.defect });
  expect(Buffer.from((await store.read('a/b/page.gz')) ?? []).toString()).toBe('one');
  expect(readdirSync(join(root, 'a/b'))).toEqual(['page.gz']);
});

test('of many writers at the same time one creates, and those with other content fail', async () => {
  const root = folder();
  const store = createFilesStore(root);
  const same = await Promise.all(Array.from({ length: 8 }, () => put(store, 'same', 'one')));
  expect(same.filter((one) => one.created)).toHaveLength(1);
  const others = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => put(store, 'other', `${index}`)),
  );
  expect(others.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  expect(readdirSync(root).sort()).toEqual(['other', 'same']);
});

test('a file is streamed in and checked; what is not as announced leaves nothing behind', async () => {
  const root = folder();
  const store = createFilesStore(root);
  const file = join(folder(), 'part.parquet');
  const bytes = randomBytes(3 * 1024 * 1024);
  writeFileSync(file, bytes);
  expect(await store.putIfAbsent('p/part', { file }, sha256(bytes))).toEqual({
    created: true,
    size: bytes.length,
  });
  expect(readFileSync(await store.localPath('p/part', root)).equals(bytes)).toBe(true);
  await expect(store.putIfAbsent('p/wrong', { file }, sha256(Buffer.from('x')))).rejects.toMatchObject({
    exit: EXIT.defect,
    message: expect.stringContaining('nothing was written'),
  });
  await expect(store.putIfAbsent('p/none', { file: join(root, 'missing') }, '')).rejects.toThrow('ENOENT');
  expect(readdirSync(join(root, 'p'))).toEqual(['part']);
});

test('a receipt is replaced, as a whole', async () => {
  const root = folder();
  const store = createFilesStore(root);
  await store.overwrite('r/extract.json', Buffer.from('{"status":"running"}'));
  await store.overwrite('r/extract.json', Buffer.from('{}'));
  expect(Buffer.from((await store.read('r/extract.json')) ?? []).toString()).toBe('{}');
  expect(readdirSync(join(root, 'r'))).toEqual(['extract.json']);
});

test('what is not there', async () => {
  const store = createFilesStore(join(folder(), 'never-made'));
  expect(await store.read('a/b')).toBeUndefined();
  await store.remove('a/b');
  expect(await names(store, '')).toEqual([]);
  await expect(store.open('a/b')).rejects.toMatchObject({ exit: EXIT.configuration });
  await expect(store.localPath('a/b', '/')).rejects.toThrow(/is gone.*again from extract/);
  expect(existsSync(store.location)).toBe(false);
});

test('open streams the bytes, remove takes them away', async () => {
  const store = createFilesStore(folder());
  await put(store, 'a', 'some bytes');
  const chunks = await collect((await store.open('a')) as AsyncIterable<Buffer>);
  expect(Buffer.concat(chunks).toString()).toBe('some bytes');
  await store.remove('a');
  expect(await store.read('a')).toBeUndefined();
});

test('list: by the bytes of the whole name, by any prefix, without what a killed writer left', async () => {
  const root = folder();
  const store = createFilesStore(root);
  const all = [
    'a-b/x',
    'a.b',
    'a/b/1',
    'a/b/10',
    'a/b/2',
    'a/c',
    'ab',
    'ä/東京.gz',
    'z/\u{1f6eb}',
    'z/\uff5e',
  ];
  for (const name of [...all].reverse()) await put(store, name, name);
  writeFileSync(join(root, 'a', 'b', '.tmp-123-abc'), 'half');
  const byBytes = [...all].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(await names(store, '')).toEqual(byBytes);
  expect(await names(store, 'a/b')).toEqual(['a/b/1', 'a/b/10', 'a/b/2']);
  expect(await names(store, 'a/b/1')).toEqual(['a/b/1', 'a/b/10']);
  expect(await names(store, 'a')).toEqual(['a-b/x', 'a.b', 'a/b/1', 'a/b/10', 'a/b/2', 'a/c', 'ab']);
  expect(await names(store, 'ä/東')).toEqual(['ä/東京.gz']);
  const [first] = await collect(store.list('a/c'));
  expect(first).toMatchObject({ name: 'a/c', size: 3, updated: expect.any(Date) });
});

test('list follows a linked folder', async () => {
  const root = folder();
  const elsewhere = folder();
  writeFileSync(join(elsewhere, 'page'), 'x');
  symlinkSync(elsewhere, join(root, 'landing'));
  expect(await names(createFilesStore(root), 'landing/')).toEqual(['landing/page']);
});

test.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', 'a/./b', 'a/', 'a\0b', 'a/.tmp-1'])(
  'the name %j is refused by every operation',
  async (name) => {
    const outer = folder();
    const store = createFilesStore(join(outer, 'root'));
    const refused = { exit: EXIT.defect };
    await expect(put(store, name, 'x')).rejects.toMatchObject(refused);
    await expect(store.overwrite(name, Buffer.from('x'))).rejects.toMatchObject(refused);
    await expect(store.read(name)).rejects.toMatchObject(refused);
    await expect(store.open(name)).rejects.toMatchObject(refused);
    await expect(store.localPath(name, outer)).rejects.toMatchObject(refused);
    await expect(store.remove(name)).rejects.toMatchObject(refused);
    expect(readdirSync(outer)).toEqual([]);
  },
);

test('whatever the segments of a name, what is put is read back and stays below the root', async () => {
  const segment = fc.oneof(
    fc.constantFrom('..', '.', '', 'a', '東京', '%2F', '~', ' '),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 4 }), async (segments) => {
      const outer = mkdtempSync(join(tmpdir(), 'pipegen-files-'));
      try {
        const store = createFilesStore(join(outer, 'root'));
        const name = segments.join('/');
        const done = await put(store, name, name).then(
          () => true,
          () => false,
        );
        if (done) expect(Buffer.from((await store.read(name)) ?? []).toString()).toBe(name);
        expect(readdirSync(outer)).toEqual(done ? ['root'] : []);
      } finally {
        rmSync(outer, { recursive: true, force: true });
      }
    }),
    { numRuns: 60 },
  );
});

test('what stands in the way and names too long are told as such', async () => {
  const root = folder();
  const store = createFilesStore(root);
  await put(store, 'a', 'x');
  await expect(put(store, 'a/b', 'x')).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('in the way'),
  });
  await expect(put(store, 'x'.repeat(300), 'x')).rejects.toMatchObject({
    exit: EXIT.configuration,
    message: expect.stringContaining('shorten'),
  });
});

test.each([
  ['ENOSPC', EXIT.temporary, /no space is left for .*free some/],
  ['EDQUOT', EXIT.temporary, /no space is left/],
  ['EIO', EXIT.temporary, /run again/],
  ['EACCES', EXIT.configuration, /give this user the right to the folder \/lake/],
  ['EROFS', EXIT.configuration, /give this user the right/],
])('%s ends with exit %i', (code, exit, message) => {
  const meaning = meaningOf(Object.assign(new Error(code), { code, path: '/lake/a' }), '/lake');
  expect(meaning).toMatchObject({ exit, message: expect.stringMatching(message) });
});

test('a folder without the right to write is a configuration error', async () => {
  const root = folder();
  await mkdir(join(root, 'store'));
  chmodSync(root, 0o755);
  chmodSync(join(root, 'store'), 0o555);
  const module = new URL('../../../src/runtime/adapters/files/files-store.ts', import.meta.url).href;
  const script = `
    const { createFilesStore } = await import(${JSON.stringify(module)});
    const store = createFilesStore(${JSON.stringify(join(root, 'store'))});
    await store.overwrite('a', Buffer.from('x')).catch((error) => process.stdout.write(error.exit + ' ' + error.message));
  `;
  // The right of root to everything would hide it.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], user);
  expect(stdout).toMatch(/^78 .*\(EACCES\): give this user the right/);
});

test('a writer killed in the middle leaves nothing that anybody sees', async () => {
  const root = folder();
  const module = new URL('../../../src/runtime/adapters/files/durable-write.ts', import.meta.url).href;
  const script = `
    const { writeBeside } = await import(${JSON.stringify(module)});
    await writeBeside(${JSON.stringify(join(root, 'a', 'page'))}, { bytes: Buffer.from('x') },
      () => process.kill(process.pid, 'SIGKILL'));
  `;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]).catch(() => undefined);
  expect(readdirSync(join(root, 'a'))).toEqual([expect.stringMatching(/^\.tmp-/)]);
  const store = createFilesStore(root);
  expect(await names(store, '')).toEqual([]);
  expect(await put(store, 'a/page', 'y')).toEqual({ created: true, size: 1 });
});
