import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openUserCache } from '../../../src/cli/cache/user-cache.ts';

const MOST = { entries: 3, bytes: 3_800 };
const text = (content: Buffer) => content.toString();

let home: string;
let folder: string;
const { XDG_CACHE_HOME } = process.env;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pipegen-cache-'));
  folder = join(home, 'pipegen/kind');
  process.env.XDG_CACHE_HOME = home;
});

afterEach(() => {
  if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  rmSync(home, { recursive: true });
});

const days = (name: string, ago: number) => {
  const time = Date.now() / 1000 - ago * 86_400;
  utimesSync(join(folder, name), time, time);
};

it('answers what was written, for its user alone', () => {
  const cache = openUserCache('kind', MOST);
  expect(cache.read('a', text)).toBeUndefined();
  cache.write('a', Buffer.from('one\ntwo'));
  expect(cache.read('a', text)).toBe('one\ntwo');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual(['a']);
});

it('takes no link, no folder and nothing that can’t be decoded for an answer', () => {
  const cache = openUserCache('kind', MOST);
  cache.write('a', Buffer.from('one'));
  renameSync(join(folder, 'a'), join(home, 'elsewhere'));
  symlinkSync(join(home, 'elsewhere'), join(folder, 'a'));
  mkdirSync(join(folder, 'b'));
  expect(cache.read('a', text)).toBeUndefined();
  expect(cache.read('b', text)).toBeUndefined();
  cache.write('c', Buffer.from('{'));
  expect(cache.read('c', (content) => JSON.parse(content.toString()))).toBeUndefined();
});

it('keeps what was looked at last', () => {
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    openUserCache('kind', { ...MOST, entries: 99 }).write(name, Buffer.from(name));
    days(name, 20 - index);
  }
  expect(openUserCache('kind', MOST).read('b', text)).toBe('b');
  openUserCache('kind', MOST).write('f', Buffer.from('f'));
  expect(readdirSync(folder).sort()).toEqual(['b', 'd', 'e', 'f']);
});

it('keeps no more bytes than it may, and nothing that would fill it', () => {
  const entry = Buffer.alloc(900);
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
    openUserCache('kind', { entries: 99, bytes: 99_000 }).write(name, entry);
    days(name, 20 - index);
  }
  const cache = openUserCache('kind', { entries: 99, bytes: MOST.bytes });
  cache.write('g', Buffer.alloc(1_000));
  cache.write('h', Buffer.from('small'));
  expect(readdirSync(folder).sort()).toEqual(['d', 'e', 'f', 'h']);
});

it('is without answers where nothing can be written', () => {
  writeFileSync(join(home, 'pipegen'), 'a file');
  const cache = openUserCache('kind', MOST);
  cache.write('a', Buffer.from('one'));
  expect(cache.read('a', text)).toBeUndefined();
});
