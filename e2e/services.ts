import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StandIn, startStandIn } from '../src/stand-in/server.ts';
import { type Emulator, startEmulator } from '../test/runtime/stores/emulator.ts';
import { type Snowflake, startSnowflake } from '../test/support/snowflake.ts';
import { openTlsDoor, type TlsDoor } from './tls.ts';

export const BUCKET = 'e2e-raw';
export const TODAY = '2026-02-05';

/** What pods talk to, all of it on this machine, where they reach it. */
export interface Services extends AsyncDisposable {
  readonly standIn: StandIn;
  readonly gcs: Emulator;
  /** The folder of the bucket's objects. */
  readonly objects: string;
  readonly snowflake: Snowflake;
  /** What pods reach the emulator of Snowflake by: it can be shut. */
  readonly door: TlsDoor;
  /** The private key of the user of the steps; the emulator lets in whoever has one. */
  readonly snowflakeKey: string;
}

/** @param host the address that pods reach */
export async function startServices(host: string): Promise<Services> {
  await using stack = new AsyncDisposableStack();
  const root = mkdtempSync(join(tmpdir(), 'pipegen-e2e-objects-'));
  stack.defer(() => rmSync(root, { recursive: true, force: true }));
  const standIn = await startStandIn({ host, today: TODAY, flightsPerAirlineAndDay: 60 });
  stack.defer(() => standIn.close());
  const gcs = stack.use(await startEmulator(root, host));
  await gcs.createBucket(BUCKET);
  const snowflake = stack.use(await startSnowflake({ gcsRoot: root }));
  // Further pieces of an answer would be at an address of this machine that is not that of the door.
  await snowflake.config({ chunk_rows: 1_000_000 });
  const door = stack.use(await openTlsDoor(host, snowflake.port));
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const started = stack.move();
  return {
    standIn,
    gcs,
    objects: join(root, BUCKET),
    snowflake,
    door,
    snowflakeKey: privateKey,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
