import {
  openSnowflakeSession,
  type SessionOptions,
  type SnowflakeSession,
} from '../../../src/runtime/adapters/snowflake/session.ts';
import { StepError } from '../../../src/runtime/errors.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import type { Snowflake as Warehouse } from '../../../src/spec/snowflake.ts';

export const WAREHOUSE: Warehouse = {
  kind: 'snowflake',
  account: 'acme-eu1',
  database: 'analytics',
  schema: 'raw',
  compute: 'loading',
  role: 'loader',
  stage: 'internal',
};

export const IDENTITY: SessionOptions['identity'] = {
  partitions: ['2026-01-31'],
  dagId: 'flights',
  taskId: 'load',
  runId: 'scheduled__2026-02-01',
  run: '0123456789ab',
  tryNumber: 1,
  generation: 0,
};

/** A session at this address; what is not said is as in production, but for an account without sign-in. */
export function open(
  endpoint: string,
  warehouse: Partial<Warehouse> = {},
  options: Partial<SessionOptions> = {},
): Promise<SnowflakeSession> {
  return openSnowflakeSession({
    identity: IDENTITY,
    signal: new AbortController().signal,
    secret: (variable) => {
      throw new Error(`nobody may ask for ${variable}`);
    },
    redact: createRedactor([]),
    home: import.meta.dirname,
    environment: {},
    ...options,
    warehouse: { ...WAREHOUSE, endpoint, ...warehouse },
  });
}

/** The failure of what must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<StepError> {
  const failure = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof StepError) return failure;
  throw new Error('it did not fail with a StepError', { cause: failure });
}
