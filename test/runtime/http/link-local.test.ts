import type { LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { json, startApi } from './api.ts';
import { transportOf } from './transport-of.ts';

/** Names as a DNS under somebody else's control gives them; each look-up the next answer. */
function namesAre(answers: string[][]): LookupFunction & { asked: number } {
  const names = Object.assign(
    ((_host, options, done) => {
      const addresses = (answers[Math.min(names.asked, answers.length - 1)] ?? []).map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      }));
      names.asked += 1;
      if (options.all) done(null, addresses);
      else done(null, addresses[0]?.address ?? '', addresses[0]?.family);
    }) as LookupFunction,
    { asked: 0 },
  );
  return names;
}

const refused = {
  exit: EXIT.configuration,
  message: expect.stringMatching(/link-local or metadata address.*allow_link_local/),
};

test.each([
  ['169.254.169.254'],
  ['::ffff:169.254.169.254'],
  ['fe80::1'],
  ['fd00:ec2::254'],
  ['100.100.100.200'],
])('a name that leads to %s is refused as the connection is made, once', async (address) => {
  const lookup = namesAre([[address]]);
  const ask = transportOf({ base_url: 'http://api.test' }, { lookup });
  await expect(ask({ url: 'http://api.test/' })).rejects.toMatchObject(refused);
  expect(lookup.asked).toBe(1);
});

test('one bad address among good ones is enough', async () => {
  const lookup = namesAre([['127.0.0.1', '169.254.169.254']]);
  const ask = transportOf({ base_url: 'http://api.test' }, { lookup });
  await expect(ask({ url: 'http://api.test/' })).rejects.toMatchObject(refused);
});

test('a name that changes between two requests is found: what is looked at is what is connected to', async () => {
  const api = await startApi((_, response) => {
    json(response, {}, 200, { connection: 'close' });
  });
  const { port } = new URL(api.url);
  const lookup = namesAre([['127.0.0.1'], ['169.254.169.254']]);
  const base = `http://api.test:${port}`;
  const ask = transportOf({ base_url: base }, { lookup });
  await ask({ url: base });
  await expect(ask({ url: base })).rejects.toMatchObject(refused);
  expect(api.requests).toHaveLength(1);
});

test.each([
  'http://169.254.169.254',
  'http://0xa9fea9fe',
  'http://[fe80::1]',
  'http://metadata.google.internal',
])('a base_url of %s is refused without a connection', async (base) => {
  const lookup = namesAre([['127.0.0.1']]);
  await expect(transportOf({ base_url: base }, { lookup })({ url: base })).rejects.toMatchObject(refused);
  expect(lookup.asked).toBe(0);
});

test('the token’s server is looked at as well', async () => {
  const auth = {
    kind: 'oauth2',
    token_url: 'http://169.254.169.254/token',
    client_id: 'CLIENT_ID',
    client_secret: 'CLIENT_SECRET',
  };
  const ask = transportOf({ base_url: 'http://127.0.0.1:1', auth });
  await expect(ask({ url: 'http://127.0.0.1:1/' })).rejects.toMatchObject(refused);
});

test('allow_link_local lets them be asked', async () => {
  const api = await startApi((_, response) => json(response, {}));
  const base = `http://metadata.google.internal:${new URL(api.url).port}`;
  const lookup = namesAre([['127.0.0.1']]);
  await transportOf({ base_url: base, allow_link_local: true }, { lookup })({ url: base });
  expect([lookup.asked, api.requests.length]).toEqual([1, 1]);
});
