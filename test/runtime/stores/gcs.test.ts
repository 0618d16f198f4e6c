import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { createGcsStore } from '../../../src/runtime/adapters/gcs/gcs-store.ts';
import { conditionContract, storeContract } from './contract.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type Front, startFront } from './front.ts';

let emulator: Emulator;
let front: Front;

beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.createBucket('bucket');
  front = await startFront(emulator.url);
});

afterAll(async () => {
  await front?.[Symbol.asyncDispose]();
  await emulator?.[Symbol.asyncDispose]();
});

const open = (endpoint: () => string) => () =>
  createGcsStore(
    { bucket: 'bucket', prefix: randomBytes(6).toString('hex'), endpoint: endpoint() },
    new AbortController().signal,
    { first: 5, longest: 50, deadline: 20_000, silence: 10_000 },
  );

const mended = open(() => front.url);
storeContract('gcs', mended);
conditionContract('gcs', mended);

// The emulator alone knows no condition for a removal.
storeContract(
  'gcs, on the emulator as it is',
  open(() => emulator.url),
);
