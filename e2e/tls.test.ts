import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { openTlsDoor } from './tls.ts';

it('a door shuts on a client that has not said a word, and opens again at the same address', async () => {
  await using door = await openTlsDoor('127.0.0.1', 9);
  const { port } = new URL(door.url);
  const mute = connect(Number(port), '127.0.0.1');
  await once(mute, 'connect');
  const gone = once(mute, 'close');
  mute.on('error', () => undefined);
  await door.shut();
  await gone;
  const refused = connect(Number(port), '127.0.0.1');
  expect(await once(refused, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
  await door.open();
  const other = connect(Number(port), '127.0.0.1');
  await once(other, 'connect');
  other.destroy();
});
