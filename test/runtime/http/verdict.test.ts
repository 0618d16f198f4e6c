import { expect, test } from 'vitest';
import { excerpt, judge } from '../../../src/runtime/adapters/http/verdict.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { source } from '../../../src/spec/source.ts';
import { KEY, RULES } from './source-of.ts';

const rules = source.shape.errors.parse(RULES);
const redact = createRedactor([KEY]);
const verdict = (status: number, body: unknown, location?: string) =>
  judge(
    {
      status,
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      ...(location === undefined ? {} : { location }),
    },
    rules,
    redact,
  );
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

test('a code is told, also one that no rule knows', () => {
  expect(verdict(400, error('another_code'))).toMatchObject({ code: 'another_code' });
  expect(verdict(400, error({}))).toMatchObject({ code: null });
});

test('bytes that are not UTF-8 are no answer', () => {
  const body = Buffer.from([0x5b, 0x22, 0xe9, 0x22, 0x5d]);
  expect(judge({ status: 200, body }, rules, redact)).toMatchObject({
    kind: 'temporary',
    what: expect.stringContaining('5 bytes that are not JSON'),
  });
});

test('a redirect names the host and nothing else of its target', () => {
  const away = verdict(302, '', `https://elsewhere.test/v1?access_key=${encodeURIComponent(KEY)}`);
  expect(away).toMatchObject({ what: 'answered 302, a redirect to elsewhere.test' });
  expect(JSON.stringify(away)).toContain('set base_url');
  expect(verdict(302, '', '/login')).toMatchObject({ what: 'answered 302, a redirect' });
});

test('an excerpt is one line of bounded length, redacted before it is cut', () => {
  expect(excerpt(Buffer.from(' a\r\n\u0000b '), redact)).toBe(' (a b)');
  expect(excerpt(Buffer.from(''), redact)).toBe('');
  const long = excerpt(Buffer.from(`${'x'.repeat(190)}${KEY}${'y'.repeat(100)}`), redact);
  expect(long).not.toContain(KEY.slice(0, 6));
  expect(long).toContain('***yyyyyyy…');
});
