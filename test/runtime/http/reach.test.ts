import { expect, test } from 'vitest';
import { originOf, reachOf, shownOf } from '../../../src/runtime/adapters/http/reach.ts';

const reach = (url: string, base: string, allowed: string[] = []) =>
  reachOf(new URL(url), new URL(base), allowed).kind;

test.each([
  ['https://api.test/b', 'https://api.test/v1', [], 'own'],
  ['https://api.test:443/b', 'https://api.test/v1', [], 'own'],
  ['https://API.test/b', 'https://api.test/v1', [], 'own'],
  ['https://api.test:8443/b', 'https://api.test/v1', [], 'refused'],
  ['https://www.api.test/', 'https://api.test/v1', [], 'refused'],
  ['https://api.test.evil.test/', 'https://api.test/v1', ['files.test'], 'refused'],
  ['https://files.test/a', 'https://api.test/v1', ['files.test'], 'foreign'],
  ['https://files.test:8443/a', 'https://api.test/v1', ['files.test'], 'refused'],
  ['https://files.test:8443/a', 'https://api.test/v1', ['files.test:8443'], 'foreign'],
  ['http://files.test/a', 'https://api.test/v1', ['files.test'], 'refused'],
  ['http://api.test/a', 'https://api.test/v1', ['api.test'], 'refused'],
  ['https://api.test/a', 'http://api.test/v1', [], 'refused'],
  ['https://api.test/a', 'http://api.test/v1', ['api.test'], 'foreign'],
  ['ftp://files.test/a', 'https://api.test/v1', ['files.test'], 'refused'],
  ['file:///etc/passwd', 'https://api.test/v1', [''], 'refused'],
])('%s from %s, allowed %j: %s', (url, base, allowed, kind) => {
  expect(reach(url, base, allowed)).toBe(kind);
});

test('an address for people has no password, and no query at another host', () => {
  const base = new URL('https://api.test/');
  const redact = (text: string) => text.replaceAll('KEY', '***');
  expect(shownOf(new URL('https://me:pass@api.test/a?k=KEY'), base, redact)).toBe('https://api.test/a?k=***');
  expect(shownOf(new URL('https://s3.test/a?Signature=abc'), base, redact)).toBe('https://s3.test/a');
});

test.each(['api.test/v1', 'ftp://api.test', 'http://${variables.host}/v1', 'http://'])(
  '%s is no address of a source',
  (address) => {
    expect(() => originOf(address, 'base_url')).toThrow(/^base_url of the source must be/);
  },
);
