import { expect, test } from 'vitest';
import { createTransport } from '../../../src/runtime/adapters/http/create-transport.ts';
import type { Retry } from '../../../src/runtime/adapters/http/send.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { httpSource } from '../../../src/spec/http-source.ts';
import { type Asked, startApi } from './api.ts';
import { createVirtualClock } from './virtual-clock.ts';

const SECRET = 'k/+=%é"-0123456789';
const TOKEN = 'tok/+=%-abcdef0123456789';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());

/** What must be nowhere, however it is written. */
const FORBIDDEN = [SECRET, TOKEN].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  lower(encodeURIComponent(secret)),
  new URLSearchParams({ k: secret }).toString().slice(2),
  lower(new URLSearchParams({ k: secret }).toString().slice(2)),
  encodeURI(secret),
  JSON.stringify(secret).slice(1, -1),
  JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
  JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/').replace('é', '\\u00e9'),
  base64(secret),
  base64(secret).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
  base64(`zoë:${secret}`).slice(8, -4),
]);

/** Everything that a careless API may say about a request. */
function echo({ url, headers, text }: Asked): string {
  const said = [SECRET, TOKEN].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    lower(encodeURIComponent(secret)),
    encodeURI(secret),
    base64(secret),
    base64(`zoë:${secret}`),
  ]);
  const document = {
    url: url.href,
    search: decodeURIComponent(url.search.replaceAll('%%', '%25%')),
    headers,
    text,
    said,
  };
  const php = JSON.stringify(said).replaceAll('/', '\\/').replaceAll('é', '\\u00e9');
  return `{"data":[],"you":${JSON.stringify(document)},"php":${php}}`;
}

const AUTHS: Record<string, unknown>[] = [
  { kind: 'api_key', in: 'query', name: 'k', secret: 'SECRET' },
  { kind: 'api_key', in: 'header', name: 'X-Key', secret: 'TOKEN' },
  { kind: 'bearer', secret: 'TOKEN' },
  { kind: 'basic', user: 'zoë', secret: 'SECRET' },
  { kind: 'oauth2', client_id: 'ID', client_secret: 'SECRET', send: 'basic' },
  { kind: 'oauth2', client_id: 'ID', client_secret: 'SECRET', send: 'body' },
];

test.each(AUTHS)('%j: no secret in messages, retries or pages', async (auth) => {
  const tokens = await startApi((asked, response) => {
    if (asked.number === 1) response.writeHead(503).end(echo(asked));
    else response.end(JSON.stringify({ access_token: TOKEN, token_type: 'bearer' }));
  });
  const api = await startApi((asked, response) => {
    const status = asked.url.pathname === '/bad' ? 400 : asked.number % 2 === 1 ? 500 : 200;
    response.writeHead(status, { 'X-Error': encodeURI(SECRET) }).end(echo(asked));
  });
  const retries: Retry[] = [];
  // As in a step: both are secrets of the job; a token is not known before it comes.
  const known = auth.kind === 'oauth2' ? [SECRET] : [SECRET, TOKEN];
  const redact = createRedactor(known);
  const transport = createTransport({
    source: httpSource.parse({
      kind: 'http',
      base_url: api.url,
      auth: auth.kind === 'oauth2' ? { ...auth, token_url: tokens.url } : auth,
      errors: [{ header: 'X-Error', in: ['never'], ...JSON.parse('{"then":"fail"}') }],
    }),
    secret: (variable) => ({ SECRET, TOKEN, ID: 'client-0123456789' })[variable] ?? '',
    redact,
    clock: createVirtualClock(),
    onRetry: (retry) => retries.push(retry),
    environment: {},
  });
  const ask = (path: string) =>
    transport.send({
      url: new URL(path, api.url),
      method: 'POST',
      headers: {},
      body: '{}',
      format: 'json',
      signal: new AbortController().signal,
      onRequest: () => undefined,
      accept: ({ body }) => transport.mask(body),
    });
  const page = await ask('/good');
  const failure = await ask('/bad').then(
    () => undefined,
    (error: Error) => error,
  );
  expect(failure?.message).toContain('answered 400');
  expect(retries.length).toBeGreaterThan(0);
  const errorText = [failure?.message, failure?.stack, JSON.stringify(failure), String(failure?.cause)].join(
    '\n',
  );
  // A source whose secret is the one has nothing to do with the other; the API can't know it.
  const own = JSON.stringify(auth).includes('SECRET') ? SECRET : TOKEN;
  const both = auth.kind === 'oauth2' ? [SECRET, TOKEN] : [own];
  const forbidden = FORBIDDEN.filter((_, index) =>
    both.includes(index < FORBIDDEN.length / 2 ? SECRET : TOKEN),
  );
  for (const text of [
    page.toString(),
    errorText,
    JSON.stringify(retries),
    redact(echo(api.requests[0] as Asked)),
  ]) {
    expect(forbidden.filter((one) => text.includes(one))).toEqual([]);
  }
  expect(page.toString()).toContain('***');
  expect(JSON.parse(page.toString())).toMatchObject({ data: [] });
});
