import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StandIn, startStandIn } from '../src/stand-in/server.ts';
import { type Emulator, startEmulator } from '../test/runtime/stores/emulator.ts';
import { type Snowflake, startSnowflake } from '../test/support/snowflake.ts';
import { CASES, type Case } from './case-pipelines.ts';
import { type Gate, openGate } from './gate.ts';
import { openTlsDoor, type TlsDoor } from './tls.ts';

export const BUCKET = 'e2e-raw';
export const TODAY = '2026-02-05';

/** A stand-in, and what pods reach it by: it can hold what they ask. */
export interface Api {
  readonly standIn: StandIn;
  readonly gate: Gate;
  /** What a source's `base_url` is. */
  readonly url: string;
}

/** What pods talk to, all of it on this machine, where they reach it. */
export interface Services extends AsyncDisposable {
  readonly standIn: StandIn;
  /** The API of each case, with the same flights and the same key. */
  readonly apis: Readonly<Record<Case, Api>>;
  /** What pods reach the server of objects by: it can hold what they ask. */
  readonly gate: Gate;
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
  const startApi = async (at: string): Promise<StandIn> => {
    const server = await startStandIn({ host: at, today: TODAY, flightsPerAirlineAndDay: 60 });
    stack.defer(() => server.close());
    return server;
  };
  const standIn = await startApi(host);
  const entries = CASES.map(async (name): Promise<[Case, Api]> => {
    const behind = await startApi('127.0.0.1');
    const gate = stack.use(await openGate(host, new URL(behind.url).origin));
    return [name, { standIn: behind, gate, url: `${gate.url}/v1` }];
  });
  const apis = Object.fromEntries(await Promise.all(entries)) as Record<Case, Api>;
  const gcs: Emulator = stack.use(await startEmulator(root));
  await gcs.createBucket(BUCKET);
  const gate = stack.use(await openGate(host, gcs.url));
  const snowflake = stack.use(await startSnowflake({ gcsRoot: root }));
  // Further pieces of an answer would be at an address of this machine that is not that of the door.
  // A client that was killed in a transaction keeps its locks for a while, which is minutes in Snowflake.
  await snowflake.config({ chunk_rows: 1_000_000, abandon_s: 5 });
  const door = stack.use(await openTlsDoor(host, snowflake.port));
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const started = stack.move();
  return {
    standIn,
    apis,
    gate,
    objects: join(root, BUCKET),
    snowflake,
    door,
    snowflakeKey: privateKey,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
