import { expect, test } from 'vitest';
import { createMask } from '../../../src/runtime/adapters/http/mask.ts';

const SECRET = 'k/+=%é" 0123456789';
const mask = createMask([SECRET]);
const masked = (body: Buffer) => mask(Buffer.concat([Buffer.from('<<'), body, Buffer.from('>>')]));

test.each([
  ['plain', Buffer.from(SECRET)],
  ['percent-encoded', Buffer.from(encodeURIComponent(SECRET))],
  ['inside JSON', Buffer.from(JSON.stringify(SECRET).slice(1, -1))],
  ['inside JSON as PHP writes it', Buffer.from('k\\/+=%\\u00e9\\" 0123456789')],
  ['Latin-1', Buffer.from(SECRET, 'latin1')],
])('a secret is taken out where it stands %s, and nothing else', (_, body) => {
  expect(masked(body).toString()).toBe('<<***>>');
});

test('in UTF-16, the stars are UTF-16 too, in either order of bytes', () => {
  const text = `{"a":"${SECRET}","b":1}`;
  const body = Buffer.from(text, 'utf16le');
  expect(mask(body).toString('utf16le')).toBe('{"a":"***","b":1}');
  expect(mask(Buffer.from(body).swap16()).swap16().toString('utf16le')).toBe('{"a":"***","b":1}');
});

test('what holds no secret is the same buffer, whatever its bytes', () => {
  const body = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x2a]);
  expect(mask(body)).toBe(body);
});

test('bytes around a secret stay, also such as are no text', () => {
  const body = Buffer.concat([Buffer.from([0xff, 0x80]), Buffer.from(SECRET), Buffer.from([0xe9])]);
  expect(mask(body)).toEqual(Buffer.from([0xff, 0x80, 0x2a, 0x2a, 0x2a, 0xe9]));
});

test('one more secret is masked from then on', () => {
  const later = createMask([]);
  const body = Buffer.from('token 0123456789abcdef');
  expect(later(body)).toBe(body);
  later.add('0123456789abcdef');
  expect(later(body).toString()).toBe('token ***');
});

test('a short secret is refused rather than masked', () => {
  expect(() => createMask(['demo'])(Buffer.from('demo-town'))).toThrow('too short');
});
