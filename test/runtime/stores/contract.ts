import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ObjectStore } from '../../../src/runtime/ports/object-store.ts';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { collect } from '../http/collect.ts';

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'pipegen-store-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export const put = (store: ObjectStore, name: string, text: string) =>
  store.putIfAbsent(name, { bytes: Buffer.from(text) }, sha256(Buffer.from(text)));

export const text = async (store: ObjectStore, name: string) => {
  const bytes = await store.read(name);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
};

export const names = async (store: ObjectStore, prefix: string) =>
  (await collect(store.list(prefix))).map((one) => one.name);

/**
 * What every store does, run on each of them.
 * @param open a store with nothing in it, each time another
 */
export function storeContract(kind: string, open: () => ObjectStore): void {
  describe(`the store ${kind}`, () => {
    test('writes an object once; a repeat of it is success, another content is a defect', async () => {
      const store = open();
      expect(await put(store, 'a/b/page.gz', 'one')).toEqual({ created: true, size: 3 });
      expect(await put(store, 'a/b/page.gz', 'one')).toEqual({ created: false, size: 3 });
      for (const other of ['two', 'one and more', '']) {
        await expect(put(store, 'a/b/page.gz', other)).rejects.toMatchObject({
          exit: EXIT.defect,
          message: expect.stringContaining('is there already with other content, and objects never change'),
        });
      }
      expect(await text(store, 'a/b/page.gz')).toBe('one');
      expect(await names(store, '')).toEqual(['a/b/page.gz']);
    });

    test('lets one of many writers create, and those with other content fail', async () => {
      const store = open();
      const same = await Promise.all(Array.from({ length: 8 }, () => put(store, 'same', 'one')));
      expect(same.filter((one) => one.created)).toHaveLength(1);
      const others = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => put(store, 'other', `${index}`)),
      );
      expect(others.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      expect(await names(store, '')).toEqual(['other', 'same']);
    });

    test('streams a file in, and writes nothing of what is not as announced', async () => {
      const store = open();
      const file = join(folder(), 'part.parquet');
      const bytes = randomBytes(3 * 1024 * 1024);
      writeFileSync(file, bytes);
      const size = bytes.length;
      expect(await store.putIfAbsent('p/part', { file }, sha256(bytes))).toEqual({ created: true, size });
      const path = await store.localPath('p/part', folder());
      expect(readFileSync(path).equals(bytes)).toBe(true);
      await expect(store.putIfAbsent('p/wrong', { file }, sha256(Buffer.from('x')))).rejects.toMatchObject({
        exit: EXIT.defect,
        message: expect.stringContaining('nothing was written'),
      });
      const missing = join(dirname(file), 'missing');
      await expect(store.putIfAbsent('p/none', { file: missing }, '')).rejects.toThrow('ENOENT');
      expect(await names(store, '')).toEqual(['p/part']);
    });

    test('takes 25 MB and nothing at all', async () => {
      const store = open();
      const file = join(folder(), 'large');
      const bytes = randomBytes(25 * 1024 * 1024 + 1);
      writeFileSync(file, bytes);
      const size = bytes.length;
      expect(await store.putIfAbsent('large', { file }, sha256(bytes))).toEqual({ created: true, size });
      expect(await store.putIfAbsent('large', { file }, sha256(bytes))).toEqual({ created: false, size });
      expect(sha256((await store.read('large')) ?? Buffer.of())).toBe(sha256(bytes));
      const [listed] = await collect(store.list('large'));
      expect(listed).toMatchObject({ size });
      expect(await put(store, 'empty', '')).toEqual({ created: true, size: 0 });
      expect(await text(store, 'empty')).toBe('');
      expect(readFileSync(await store.localPath('empty', folder()))).toHaveLength(0);
    });

    test('replaces a receipt as a whole, whoever wrote it last', async () => {
      const store = open();
      await store.overwrite('r/extract.json', Buffer.from('{"status":"running"}'));
      await store.overwrite('r/extract.json', Buffer.from('{}'));
      expect(await text(store, 'r/extract.json')).toBe('{}');
      const texts = Array.from({ length: 6 }, (_, index) => `{"writer":${index}}`);
      await Promise.all(texts.map((one) => store.overwrite('r/extract.json', Buffer.from(one))));
      expect(texts).toContain(await text(store, 'r/extract.json'));
      expect(await names(store, '')).toEqual(['r/extract.json']);
    });

    test('shows a reader one receipt or the other, never a part of one', async () => {
      const store = open();
      const receipts = ['a', 'b'].map((letter) => letter.repeat(200_000));
      await store.overwrite('receipt', Buffer.from(receipts[0] ?? ''));
      let writing = true;
      const writer = (async () => {
        for (let count = 0; count < 30; count++) {
          await store.overwrite('receipt', Buffer.from(receipts[count % 2] ?? ''));
        }
        writing = false;
      })();
      let reads = 0;
      for (; writing; reads++) expect(receipts).toContain(await text(store, 'receipt'));
      await writer;
      expect(reads).toBeGreaterThan(0);
    });

    test('tells what is not there', async () => {
      const store = open();
      expect(await store.read('a/b')).toBeUndefined();
      await store.remove('a/b');
      expect(await names(store, '')).toEqual([]);
      const again = {
        exit: EXIT.configuration,
        message: expect.stringMatching(/is gone.*again from extract/),
      };
      await expect(store.open('a/b')).rejects.toMatchObject(again);
      await expect(store.localPath('a/b', folder())).rejects.toMatchObject(again);
      expect(existsSync(store.location)).toBe(false);
    });

    test('gives the bytes as a stream, and takes them away', async () => {
      const store = open();
      await put(store, 'a', 'some bytes');
      const chunks = await collect((await store.open('a')) as AsyncIterable<Buffer>);
      expect(Buffer.concat(chunks).toString()).toBe('some bytes');
      await store.remove('a');
      expect(await store.read('a')).toBeUndefined();
    });

    test('lists by the bytes of the whole name, by any prefix', async () => {
      const store = open();
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
      const byBytes = [...all].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await names(store, '')).toEqual(byBytes);
      expect(await names(store, 'a/b')).toEqual(['a/b/1', 'a/b/10', 'a/b/2']);
      expect(await names(store, 'a/b/1')).toEqual(['a/b/1', 'a/b/10']);
      expect(await names(store, 'a')).toEqual(['a-b/x', 'a.b', 'a/b/1', 'a/b/10', 'a/b/2', 'a/c', 'ab']);
      expect(await names(store, 'ä/東')).toEqual(['ä/東京.gz']);
      const [first] = await collect(store.list('a/c'));
      expect(first).toMatchObject({ name: 'a/c', size: 3, updated: expect.any(Date) });
      for (const name of all) expect(await text(store, name)).toBe(name);
    });

    test('lists more than a page holds', async () => {
      const store = open();
      const all = Array.from({ length: 1_203 }, (_, index) => `n/${String(index).padStart(5, '0')}`);
      for (let from = 0; from < all.length; from += 50) {
        await Promise.all(all.slice(from, from + 50).map((name) => put(store, name, 'x')));
      }
      expect(await names(store, 'n/')).toEqual(all);
    });

    test.each([
      ...['', '/etc/passwd', '../x', 'a/../../x', 'a//b', 'a/./b', 'a/', 'a\0b', 'a\nb', 'a/.tmp-1'],
      '.well-known/acme-challenge/x',
    ])('refuses the name %j', async (name) => {
      const store = open();
      const outer = folder();
      const refused = { exit: EXIT.defect };
      const operations = [
        () => put(store, name, 'x'),
        () => store.overwrite(name, Buffer.from('x')),
        () => store.read(name),
        () => store.open(name),
        () => store.localPath(name, outer),
        () => store.remove(name),
        () => store.removeUnchanged({ name, size: 1, updated: new Date(), version: '1/1' }),
      ];
      for (const operation of operations) {
        await expect((async () => operation())()).rejects.toMatchObject(refused);
      }
      expect(readdirSync(outer)).toEqual([]);
      expect(await names(store, '')).toEqual([]);
    });

    test('reads back what was put, whatever the segments of its name', async () => {
      const store = open();
      const segment = fc.oneof(
        fc.constantFrom('..', '.', '', 'a', '東京', '%2F', '~', ' ', '#', '?x=1', '+'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(segment, { minLength: 1, maxLength: 4 }),
          fc.nat(),
          async (segments, at) => {
            // In a folder of its own, so that no name is a folder of another.
            const name = [`case-${at}-${randomBytes(4).toString('hex')}`, ...segments].join('/');
            const done = await put(store, name, name).then(
              () => true,
              () => false,
            );
            expect(await names(store, `${name.split('/')[0]}/`)).toEqual(done ? [name] : []);
            if (done) expect(await text(store, name)).toBe(name);
          },
        ),
        { numRuns: 40 },
      );
    });
  });
}

/** What clearing up rests on, while others write. */
export function conditionContract(kind: string, open: () => ObjectStore): void {
  describe(`the store ${kind}, under a condition`, () => {
    test('renews what is put again, and removes only what is as it was listed', async () => {
      const store = open();
      await put(store, 'a/part', 'x');
      await store.overwrite('a/receipt', Buffer.from('1'));
      const [part, receipt] = await collect(store.list(''));
      if (part === undefined || receipt === undefined) throw new Error('two were put');
      await put(store, 'a/part', 'x');
      await store.overwrite('a/receipt', Buffer.from('2'));
      const [renewed] = await collect(store.list('a/part'));
      expect(await store.removeUnchanged(part)).toBe(false);
      expect(await store.removeUnchanged(receipt)).toBe(false);
      expect(await text(store, 'a/part')).toBe('x');
      expect(await text(store, 'a/receipt')).toBe('2');
      expect(renewed?.updated.getTime()).toBeGreaterThanOrEqual(part.updated.getTime());
      const [one, two] = await fresh(store);
      if (one === undefined || two === undefined) throw new Error('both are there');
      expect(await store.removeUnchanged(one)).toBe(true);
      expect(await store.removeUnchanged(one)).toBe(true);
      expect(await store.removeUnchanged(two)).toBe(true);
      expect(await names(store, '')).toEqual([]);
      expect(await put(store, 'a/part', 'y')).toEqual({ created: true, size: 1 });
    });
  });
}

/** Both of them, written anew so that the listing is of this moment. */
async function fresh(store: ObjectStore) {
  await store.remove('a/part');
  await put(store, 'a/part', 'x');
  return collect(store.list('a/'));
}
