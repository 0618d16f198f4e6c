import { createHash } from 'node:crypto';
import { isPartition } from '../spec/partition.ts';
import type { SliceGroup } from '../spec/slice-group.ts';
import { configuration } from './errors.ts';

/** Who runs: from the environment, set by the generated DAG or by `pipegen run`. */
export interface RunIdentity {
  /** The partitions of this run, ascending, each once; never empty. */
  partitions: string[];
  dagId: string;
  taskId: string;
  runId: string;
  /** Twelve hexadecimal digits that stand for `dagId` and `runId` in object names. */
  run: string;
  tryNumber: number;
  /** Airflow's; it grows only when a person clears the task. Absent on the command line. */
  maxTries?: number;
  /** Level of the landing below the run: a cleared extract begins a new one, an automatic retry does not. */
  generation: number;
  /** The slices that this container reads; undefined for all. */
  group?: SliceGroup;
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^[0-9]+$/.test(text)) throw configuration(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value)
    throw configuration(`${name} is not set: start the step from a generated DAG or by \`pipegen run\``);
  return value;
}

/** Reads `PIPEGEN_PARTITIONS, PIPEGEN_DAG_ID, PIPEGEN_TASK_ID, PIPEGEN_RUN_ID, PIPEGEN_TRY_NUMBER, PIPEGEN_MAX_TRIES`. */
export function readIdentity(environment: NodeJS.ProcessEnv): RunIdentity {
  const listed = (environment.PIPEGEN_PARTITIONS ?? '').split(',').map((one) => one.trim());
  const partitions = [...new Set(listed.filter((one) => one !== ''))].sort();
  if (partitions.length === 0) {
    throw configuration(
      'no partition was given: trigger the DAG with the parameter "partition", such as 2026-01-31',
    );
  }
  const wrong = partitions.find((one) => !isPartition(one));
  if (wrong !== undefined)
    throw configuration(`"${wrong}" is not a partition: a date such as 2026-01-31 is needed`);
  const dagId = required(environment, 'PIPEGEN_DAG_ID');
  const runId = required(environment, 'PIPEGEN_RUN_ID');
  const maxTries = whole('PIPEGEN_MAX_TRIES', environment.PIPEGEN_MAX_TRIES);
  return {
    partitions,
    dagId,
    taskId: required(environment, 'PIPEGEN_TASK_ID'),
    runId,
    run: runHash(dagId, runId),
    tryNumber: whole('PIPEGEN_TRY_NUMBER', environment.PIPEGEN_TRY_NUMBER) ?? 1,
    ...(maxTries === undefined ? {} : { maxTries }),
    generation: maxTries ?? 0,
  };
}

export function runHash(dagId: string, runId: string): string {
  return createHash('sha256').update(`${dagId}\n${runId}`).digest('hex').slice(0, 12);
}
