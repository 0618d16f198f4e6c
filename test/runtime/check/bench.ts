import { pino } from 'pino';
import type { StepContext } from '../../../src/runtime/context.ts';
import type { Relation, WarehouseColumn } from '../../../src/runtime/ports/warehouse.ts';
import type { CheckResult, Rows } from '../../../src/runtime/receipt.ts';
import { NO_ROWS } from '../../../src/runtime/receipt.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { planChecks } from '../../../src/runtime/steps/check/plan.ts';
import { runChecks } from '../../../src/runtime/steps/check/run-checks.ts';
import type { Job, WrittenJob } from '../../../src/spec/job.ts';
import { writeJob } from '../upload/rig.ts';
import {
  loadOf,
  openDuckdbRig,
  openSnowflakeRig,
  PARTITION,
  publishFile,
  type Row,
} from '../warehouse/rig.ts';

export { PARTITION };
export type Checks = WrittenJob['checks'];

export const COLUMNS: readonly WarehouseColumn[] = [
  { name: 'id', type: 'integer' },
  { name: 'status', type: 'string' },
  { name: 'delay', type: 'integer' },
  { name: 'place', type: 'string' },
  { name: 'day', type: 'date' },
  { name: 'seen', type: 'timestamp' },
  { name: 'seen_local', type: 'local_timestamp' },
];

export interface Asked {
  table?: string;
  partition?: string;
  timezone?: string;
  relation?: Relation;
  rows?: Partial<Rows>;
  total?: number | null;
  runId?: string;
  key?: Job['key'];
}

/** A warehouse to check tables in. */
export interface Bench extends AsyncDisposable {
  /** Loads rows as a partition of a table, in a run of their own; columns without a value are null. */
  fill(
    table: string,
    rows: readonly Partial<Row>[],
    how?: { partition?: string; columns?: readonly WarehouseColumn[]; runId?: string },
  ): Promise<void>;
  /** Runs checks over a table, or over what the last `fill` staged, as a step does. */
  check(checks: Checks, asked?: Asked): Promise<CheckResult[]>;
  readonly log: string[];
  /** Statements that the warehouse has run, where it can say so. */
  statements(): Promise<string[]>;
}

const WAREHOUSES = {
  duckdb: async () => Object.assign(await openDuckdbRig(), { statements: async () => [] as string[] }),
  snowflake: async () => {
    const rig = await openSnowflakeRig('internal');
    const statements = async () => (await rig.snowflake.log()).map(({ sql }) => sql);
    return Object.assign(rig, { statements });
  },
};

export const KINDS = Object.keys(WAREHOUSES) as (keyof typeof WAREHOUSES)[];

export async function openBench(kind: keyof typeof WAREHOUSES): Promise<Bench> {
  const rig = await WAREHOUSES[kind]();
  const warehouse = await rig.open();
  const log: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void log.push(line) });
  const redact = createRedactor(['a-secret-value']);
  return {
    log,
    statements: rig.statements,
    fill: async (table, rows, { partition = PARTITION, columns = COLUMNS, runId = 'run' } = {}) => {
      const whole = rows.map((row) =>
        Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])),
      );
      const file = await publishFile(rig.store, columns, whole);
      await warehouse.prepare(table, columns);
      await warehouse.stage(rig.store, [file], columns);
      const mode = { kind: 'replace_partition' } as const;
      await warehouse.publish(loadOf(table, [file], { partition, runId }), columns, mode, () => true);
    },
    check: async (checks, asked = {}) => {
      const { table = 'flights', partition = PARTITION, total = null, runId = 'run', key } = asked;
      const { relation = { table, partition }, timezone = 'UTC' } = asked;
      const rows = { ...NO_ROWS, ...asked.rows };
      const job = writeJob({ checks, timezone, ...(key === undefined ? {} : { key }) });
      const planned = planChecks(job, 'gate', { partition, columns: COLUMNS, rows, total });
      const run = { pipeline: job.pipeline, table, partition, runId, when: 'gate' } as const;
      // Of the context checks use what they log with.
      const context = { log: logger, redact } as unknown as StepContext;
      return await runChecks(context, warehouse, relation, planned, run);
    },
    [Symbol.asyncDispose]: async () => {
      await warehouse[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}
