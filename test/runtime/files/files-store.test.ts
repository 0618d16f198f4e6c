import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { meaningOf } from '../../../src/runtime/adapters/files/file-errors.ts';
import { createFilesStore } from '../../../src/runtime/adapters/files/files-store.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { collect } from '../http/collect.ts';
import { conditionContract, folder, names, put, sha256, storeContract, text } from '../stores/contract.ts';

storeContract('files', () => createFilesStore(join(folder(), 'lake')));
conditionContract('files', () => createFilesStore(join(folder(), 'lake')));

const STORE = new URL('../../../src/runtime/adapters/files/files-store.ts', import.meta.url).href;

test('nothing is ever seen beside the objects, and nothing outside the root', async () => {
  const outer = folder();
  const store = createFilesStore(join(outer, 'lake', 'deep'));
  await put(store, 'a/b/page.gz', 'one');
  await put(store, 'a/b/page.gz', 'one');
  await put(store, 'a/b/page.gz', 'two').catch(() => undefined);
  await store.overwrite('a/b/receipt', Buffer.from('1'));
  await store
    .putIfAbsent('a/b/wrong', { bytes: Buffer.from('x') }, sha256(Buffer.of()))
    .catch(() => undefined);
  expect(readdirSync(outer)).toEqual(['lake']);
  expect(readdirSync(join(outer, 'lake/deep/a/b')).sort()).toEqual(['page.gz', 'receipt']);
});

test('bytes are on the disk before they have their name, the name before the caller goes on', async () => {
  const root = folder();
  const store = createFilesStore(root);
  const path = join(root, 'a', 'page');
  const handle = await open(root, 'r');
  const synced: [what: string, named: boolean][] = [];
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const { sync } = prototype;
  vi.spyOn(prototype, 'sync').mockImplementation(async function (this: typeof handle) {
    synced.push([(await this.stat()).isDirectory() ? 'folder' : 'file', existsSync(path)]);
    return sync.call(this);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  await put(store, 'a/page', 'x');
  expect(synced).toEqual([
    ['folder', false],
    ['file', false],
    ['folder', true],
  ]);
  synced.length = 0;
  await store.overwrite('a/page', Buffer.from('y'));
  expect(synced).toEqual([
    ['file', true],
    ['folder', true],
  ]);
});

/** A disk of a megabyte, where this user may mount one. */
function smallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'pipegen-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]);
  onTestFinished(() => {
    if (status === 0) spawnSync('umount', [path]);
    rmSync(path, { recursive: true, force: true });
  });
  return status === 0 ? path : undefined;
}

test('a full disk is temporary, leaves nothing unfinished, and what was there', async ({ skip }) => {
  const disk = smallDisk();
  if (disk === undefined)
    skip('this user may not mount a small disk; the next test limits the size of files');
  const store = createFilesStore(join(disk ?? '', 'lake'));
  const half = Buffer.alloc(600_000, 1);
  const other = Buffer.alloc(600_000, 2);
  await store.putIfAbsent('a/one', { bytes: half }, sha256(half));
  const full = { exit: EXIT.temporary, message: expect.stringMatching(/^no space is left for .*free some/) };
  await expect(store.putIfAbsent('a/two', { bytes: other }, sha256(other))).rejects.toMatchObject(full);
  await expect(store.overwrite('a/one', Buffer.concat([half, half]))).rejects.toMatchObject(full);
  expect(readdirSync(join(disk ?? '', 'lake/a'))).toEqual(['one']);
  expect(sha256((await store.read('a/one')) ?? Buffer.of())).toBe(sha256(half));
  await store.remove('a/one');
  expect(await store.putIfAbsent('a/two', { bytes: other }, sha256(other))).toMatchObject({ created: true });
});

test('a write that the system cuts short is temporary and leaves nothing unfinished', async () => {
  const root = folder();
  const script = `
    import { createHash } from 'node:crypto';
    const { createFilesStore } = await import(${JSON.stringify(STORE)});
    const bytes = Buffer.alloc(2_000_000, 1);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await createFilesStore(${JSON.stringify(root)})
      .putIfAbsent('a/large', { bytes }, sha256)
      .catch((error) => process.stdout.write(error.exit + ' ' + error.message));
  `;
  // In blocks of 512 bytes; beyond it a write fails with EFBIG, as on a disk that has no room.
  const limited = `ulimit -f 1000; trap '' XFSZ; exec "$0" --input-type=module -e "$1"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script]);
  expect(stdout).toMatch(/^75 no space is left for .*: free some on that disk, then run again/);
  expect(readdirSync(join(root, 'a'))).toEqual([]);
});

test('what a killed writer left is in no listing', async () => {
  const root = folder();
  const store = createFilesStore(root);
  await put(store, 'a/b', 'x');
  writeFileSync(join(root, 'a', '.tmp-123-abc'), 'half');
  expect(await names(store, '')).toEqual(['a/b']);
});

test('a writer finds its folder although it is cleared away again and again', async () => {
  const root = folder();
  const store = createFilesStore(root);
  for (let round = 0; round < 20; round++) {
    await put(store, 'deep/er/old', 'x');
    const [old] = await collect(store.list('deep/er/old'));
    if (old === undefined) throw new Error('it was put');
    const writing = Promise.all(['one', 'two'].map((name) => put(store, `deep/er/${name}-${round}`, name)));
    expect(await store.removeUnchanged(old)).toBe(true);
    await writing;
    for (const name of ['one', 'two']) {
      expect(await text(store, `deep/er/${name}-${round}`)).toBe(name);
      await store.remove(`deep/er/${name}-${round}`);
    }
  }
});

test('a linked folder is never removed, be it empty', async () => {
  const root = folder();
  const elsewhere = folder();
  symlinkSync(elsewhere, join(root, 'landing'));
  const store = createFilesStore(root);
  await put(store, 'landing/page', 'x');
  const [page] = await collect(store.list('landing/'));
  if (page !== undefined) await store.removeUnchanged(page);
  expect(readdirSync(root)).toEqual(['landing']);
  expect(statSync(elsewhere).isDirectory()).toBe(true);
});

test('list follows a linked folder', async () => {
  const root = folder();
  const elsewhere = folder();
  writeFileSync(join(elsewhere, 'page'), 'x');
  symlinkSync(elsewhere, join(root, 'landing'));
  expect(await names(createFilesStore(root), 'landing/')).toEqual(['landing/page']);
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
  const script = `
    const { createFilesStore } = await import(${JSON.stringify(STORE)});
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
