import { join } from 'node:path';
import { openStore } from '../../src/runtime/adapters/stores.ts';
import type { StepContext, Work } from '../../src/runtime/context.ts';
import type { LoadDetails } from '../../src/runtime/receipt.ts';
import { writeReceipt } from '../../src/runtime/receipts.ts';
import type { Job } from '../../src/spec/job.ts';
import { flightsJob, loaded, uploaded } from '../runtime/load/rig.ts';
import { type JobChanges, openRig, type Rig } from '../runtime/upload/rig.ts';
import { BUCKET, type ByHand, type Flight, type Row } from './by-hand.ts';
import { type Ran, runToEnd } from './run-to-end.ts';

const RUNTIME = join(import.meta.dirname, '..', '..', 'bin', 'pipegen-runtime.js');
const PREFIX = 'pipegen';
const STAGE = 'PIPEGEN_STAGE';
export const TOKEN = 'a-token-that-nobody-else-has';
const TOKEN_VARIABLE = 'SNOWFLAKE_TOKEN';

export interface Extraction {
  readonly partition?: string;
  /** Of the day on which it was extracted. */
  readonly hour?: number;
  /** What the API said there is. */
  readonly total?: number;
}

/** The steps upload and load of a pipeline with a table of its own, over the services of the hand-written pair. */
export interface Ours extends Disposable {
  readonly job: Job;
  readonly context: StepContext;
  readonly rig: Rig;
  upload(flights: readonly Flight[], extraction?: Extraction): Promise<Work>;
  load(work: Work, changes?: Partial<StepContext>): Promise<LoadDetails>;
  /** The same in a process of its own, as Airflow starts it. */
  runLoad(work: Work): Promise<Ran>;
  /** Partition, id and note of every row, in order. */
  rows(): Promise<Row[]>;
  /** How many loads its table has a record of. */
  records(): Promise<number>;
}

let tables = 0;

export async function openOurs(byHand: ByHand, changes: JobChanges = {}): Promise<Ours> {
  const { snowflake, bucket, database } = byHand;
  tables += 1;
  const table = `flights_${tables}`;
  await bucket.createBucket(BUCKET);
  await database.rows(
    `create stage if not exists RAW.PUBLIC.${STAGE} url = 'gcs://${BUCKET}/${PREFIX}/' storage_integration = GCS`,
  );
  const job = flightsJob({
    store: { kind: 'gcs', bucket: BUCKET, prefix: PREFIX, endpoint: bucket.url },
    warehouse: {
      ...{ kind: 'snowflake', account: 'emulator', endpoint: snowflake.url },
      ...{ database: 'RAW', schema: 'PUBLIC', compute: 'LOADING', role: 'LOADER', stage: STAGE },
      auth: { kind: 'oauth', secret: TOKEN_VARIABLE },
    },
    load: { table },
    ...changes,
  });
  const signal = new AbortController().signal;
  const store = await openStore(job.store, '', signal);
  const rig = openRig(job, { store, secret: () => TOKEN });
  const { context } = rig;
  return {
    ...{ job, context, rig },
    upload: (flights, extraction) => uploaded(context, flights, extraction),
    load: (work, more) => loaded({ ...context, ...more }, work),
    runLoad: async ({ partition, previous }) => {
      if (previous !== undefined) await writeReceipt(store, previous);
      return runToEnd(process.execPath, [RUNTIME, 'load'], {
        PIPEGEN_HOME: rig.home,
        PIPEGEN_PARTITIONS: partition,
        PIPEGEN_DAG_ID: job.pipeline,
        PIPEGEN_TASK_ID: 'load',
        PIPEGEN_RUN_ID: context.identity.runId,
        PIPEGEN_JOB: JSON.stringify(job),
        [TOKEN_VARIABLE]: TOKEN,
      });
    },
    rows: () =>
      database.rows(
        `select to_varchar(_PIPEGEN_PARTITION) p, to_varchar(ID) i, NOTE n from ${table} order by 1, 2, 3`,
      ),
    records: async () => {
      const [row] = await database.rows<[string]>(
        `select to_varchar(count(*)) from _PIPEGEN_LOADS where TABLE_NAME = '${table}'`,
      );
      return Number(row?.[0]);
    },
    [Symbol.dispose]: () => rig[Symbol.dispose](),
  };
}
