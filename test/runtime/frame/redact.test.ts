import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/runtime/redact.ts';

const SECRET = 'k/+=%é"\\ secret';

describe('redaction', () => {
  const redact = createRedactor([SECRET]);

  it.each([
    ['plain', SECRET],
    ['percent-encoded', encodeURIComponent(SECRET)],
    ['percent-encoded in lower case', encodeURIComponent(SECRET).replace(/%../g, (one) => one.toLowerCase())],
    ['a form field', new URLSearchParams({ key: SECRET }).toString()],
    ['a form field in lower case', new URLSearchParams({ key: SECRET }).toString().toLowerCase()],
    ['an address that was not encoded', new URL(`https://x/?key=${SECRET}`).href],
    ['encoded as a whole address', encodeURI(`https://x/?key=${SECRET}`)],
    ['inside JSON', JSON.stringify({ url: `https://x/?key=${SECRET}` })],
    ['inside JSON inside JSON', JSON.stringify({ log: JSON.stringify({ key: SECRET }) })],
    ['inside JSON with \\/', JSON.stringify(SECRET).replaceAll('/', '\\/')],
    ['inside JSON of ASCII alone', JSON.stringify(SECRET).replaceAll('/', '\\/').replace('é', '\\u00e9')],
    ['the same with capital digits', JSON.stringify(SECRET).replace('é', '\\u00E9')],
    ['base64', Buffer.from(SECRET).toString('base64')],
    ['base64url', Buffer.from(SECRET).toString('base64url')],
    ['basic authentication', Buffer.from(`user:${SECRET}`).toString('base64')],
    ['basic authentication, other alignment', Buffer.from(`me:${SECRET}`).toString('base64')],
  ])('takes it out of %s', (_, text) => {
    const clean = redact(`before ${text} after`);
    expect(clean).toContain('***');
    expect(clean).not.toContain('secret');
    expect(clean).not.toContain(Buffer.from(SECRET).toString('base64').slice(4, 16));
    expect(clean).toMatch(/^before .* after$/);
  });

  it('learns of one more', () => {
    const learning = createRedactor([]);
    expect(learning('token-0123')).toBe('token-0123');
    learning.add('token-0123');
    expect(learning(`a token-0123, ${Buffer.from('token-0123').toString('base64')}`)).toBe('a ***, ***==');
  });

  it('leaves no value in any text, whatever surrounds it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!'***'.includes(secret) && !secret.includes('*'));
        const clean = createRedactor([secret])(`${before}${secret}${after}`);
        expect(clean.includes(secret)).toBe(false);
      }),
    );
  });

  it('changes nothing where there is no secret', () => {
    expect(createRedactor([''])('any text')).toBe('any text');
    expect(redact('any text')).toBe('any text');
  });
});
