import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { excerpt, judge, parseJson } from '../../../src/runtime/adapters/http/verdict.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { httpSource } from '../../../src/spec/http-source.ts';
import { KEY, RULES } from './source-of.ts';

const redact = createRedactor([KEY]);
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const rulesOf = (yaml: string) => httpSource.shape.errors.parse(parse(yaml));
const known = httpSource.shape.errors.parse(RULES);
const verdict = (status: number, body: unknown, headers?: Record<string, string>) =>
  judge(answer(status, body, headers), known, true, redact);
const error = (code: unknown) => ({ error: { code } });

test.each([
  [200, { data: [] }, 'accepted'],
  [201, { data: [] }, 'accepted'],
  [200, '<html>', 'temporary'],
  [200, '', 'temporary'],
  [200, '{"data":[{"id":', 'temporary'],
  [408, '', 'temporary'],
  [425, '', 'temporary'],
  [429, '', 'temporary'],
  [500, '', 'temporary'],
  [503, '<html>busy</html>', 'temporary'],
  [400, '', 'final'],
  [401, '', 'final'],
  [404, '', 'final'],
  [422, '', 'final'],
  [301, '', 'final'],
  [304, '', 'final'],
  // The rules of the spec come before what the status means.
  [429, error('usage_limit_reached'), 'final'],
  [429, error('rate_limit_reached'), 'temporary'],
  [500, error('usage_limit_reached'), 'final'],
  [403, error('rate_limit_reached'), 'temporary'],
  [200, error('invalid_access_key'), 'final'],
  [200, error('internal_error'), 'temporary'],
  [302, error('internal_error'), 'temporary'],
  [429, error('another_code'), 'temporary'],
  [400, error('another_code'), 'final'],
])('%i with %j is %s', (status, body, kind) => {
  expect(verdict(status, body).kind).toBe(kind);
});

test.each([
  [301, 'redirect'],
  [302, 'redirect'],
  [303, 'redirect'],
  [307, 'redirect'],
  [308, 'redirect'],
  [300, 'final'],
  [304, 'final'],
])('%i with a location is %s', (status, kind) => {
  expect(verdict(status, '', { location: '/new' }).kind).toBe(kind);
});

test('a rule comes before a redirect', () => {
  expect(verdict(302, error('internal_error'), { location: '/new' }).kind).toBe('temporary');
});

test('a code is told, also one that no rule knows', () => {
  expect(verdict(400, error('another_code'))).toMatchObject({ code: 'another_code' });
  expect(verdict(400, error({}))).toMatchObject({ code: null });
});

test('the conditions of a rule hold together, and the first rule that matches counts', () => {
  const rules = rulesOf(`
    - { status: [403], body: error.code, in: [busy], then: retry }
    - { header: X-Error, in: [away, gone], then: fail }
    - { status: [409, 418], then: retry }
    - { status: [418], then: fail }
  `);
  const kind = (...args: Parameters<typeof answer>) => judge(answer(...args), rules, true, redact);
  expect(kind(403, error('busy'))).toMatchObject({ kind: 'temporary', code: 'busy' });
  expect(kind(400, error('busy'))).toMatchObject({ kind: 'final', code: 'busy' });
  expect(kind(403, error('idle')).kind).toBe('final');
  expect(kind(503, '', { 'x-error': ' gone ' })).toMatchObject({
    kind: 'final',
    what: 'answered 503 with X-Error "gone"',
    code: 'gone',
  });
  expect(kind(503, '', { 'x-error': 'here' }).kind).toBe('temporary');
  expect(kind(200, { data: [] }, { 'x-error': 'away' }).kind).toBe('final');
  expect(kind(418, '')).toMatchObject({ kind: 'temporary', what: 'answered 418' });
});

test('what need not be JSON is taken as it is, and still looked into by the rules', () => {
  const rules = rulesOf('[{ body: error.code, in: [busy], then: retry }]');
  const read = (body: string) => judge(answer(200, body), rules, false, redact);
  expect(read('a;b\n1;2\n')).toEqual({ kind: 'accepted', document: undefined, code: null });
  expect(read('{"id":1}\n{"id":2}\n')).toEqual({ kind: 'accepted', document: undefined, code: null });
  expect(read('\uFEFF {"error":{"code":"busy"}}')).toMatchObject({ kind: 'temporary', code: 'busy' });
});

test.each([
  ['{ then: fail }', false],
  ['{ body: code, then: fail }', false],
  ['{ status: [400], in: [a], then: fail }', false],
  ['{ header: x, body: code, in: [a], then: fail }', false],
  ['{ status: [400], body: code, in: [a], then: fail }', true],
  ['{ header: x, in: [a], then: retry }', true],
])('%s is a rule: %j', (yaml, good) => {
  expect(httpSource.shape.errors.safeParse([parse(yaml)]).success).toBe(good);
});

test('bytes that are not UTF-8 are no answer; a byte order mark is let pass', () => {
  const body = Buffer.from([0x5b, 0x22, 0xe9, 0x22, 0x5d]);
  expect(judge({ status: 200, headers: {}, body }, [], true, redact)).toMatchObject({
    kind: 'temporary',
    what: expect.stringContaining('5 bytes that are not JSON'),
  });
  expect(parseJson(Buffer.from('\uFEFF["é"]'))).toEqual(['é']);
});

test('an excerpt is one line of bounded length, redacted before it is cut', () => {
  expect(excerpt(Buffer.from(' a\r\n\u0000b '), redact)).toBe(' (a b)');
  expect(excerpt(Buffer.from(''), redact)).toBe('');
  const long = excerpt(Buffer.from(`${'x'.repeat(190)}${KEY}${'y'.repeat(100)}`), redact);
  expect(long).not.toContain(KEY.slice(0, 6));
  expect(long).toContain('***yyyyyyy…');
});
