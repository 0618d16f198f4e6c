import { readFileSync } from 'node:fs';
import { createGcsStore } from '../../../src/runtime/adapters/gcs/gcs-store.ts';
import { loaded } from '../load/rig.ts';
import { openRig } from '../upload/rig.ts';

/** `node load-in-snowflake.ts FILE`: one load by the step. FILE holds `{ job, work, bucket, home }`. */
const { job, work, bucket, home } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));

using rig = openRig(job, { store: createGcsStore(bucket, new AbortController().signal) }, home);
await loaded(rig.context, work);
