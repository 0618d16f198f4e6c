import { setTimeout as sleep } from 'node:timers/promises';
import type { StepContext, Work } from '../../../src/runtime/context.ts';
import { flightsJob, loaded, uploaded } from '../load/rig.ts';
import type { Attempt, Scenario } from '../load/scenarios.ts';
import { openRig } from '../upload/rig.ts';
import { openConnection, type Querying } from './connection.ts';
import { openSnowflakeRig, type SnowflakeRig } from './rig.ts';

/** In every statement of who looks on. */
const BESIDE = 'looked at from beside';

/** What others see: rows as a scenario writes them, and the number of load records. */
export interface State {
  readonly rows: readonly string[];
  readonly records: number;
}

/** A Snowflake with a stage, and who looks at it from beside. */
export interface Site
  extends AsyncDisposable,
    Pick<SnowflakeRig, 'snowflake' | 'store' | 'bucket' | 'options'> {
  readonly beside: Querying;
  log(from?: number): Promise<Logged[]>;
}

/** Every statement of a load, and not its sign-in. */
export const STATEMENT = `^(?!LOGIN$)(?!.*${BESIDE}).`;

/** The statements that `STATEMENT` counts. */
export function ofLoads(log: readonly Logged[]): Logged[] {
  return log.filter(({ sql, status }) => !sql.includes(BESIDE) && status !== 'resubmitted');
}

export interface Logged {
  readonly session: string;
  readonly sql: string;
  readonly status: string;
  readonly tag?: string;
}

export async function startSite(): Promise<Site> {
  const rig = await openSnowflakeRig('external');
  const beside = await openConnection(rig.snowflake);
  return {
    ...rig,
    beside,
    log: async (from = 0) =>
      (await fetch(`${rig.snowflake.url}/_emu/log?from=${from}`)).json() as Promise<Logged[]>,
    [Symbol.asyncDispose]: async () => {
      await beside[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/** A table with the rows from before, the load that is to be disturbed, and the one that wakes too late. */
export interface Disturbed extends AsyncDisposable {
  readonly context: StepContext;
  readonly attempt: Work;
  readonly stale: Work;
  /** The two states that there may be. */
  readonly old: State;
  readonly new: State;
  state(): Promise<State>;
  /** Back to the rows from before, in one transaction. */
  reset(): Promise<void>;
  /** Looks at the table again and again until it is asked what it saw that was neither the old rows nor the new. */
  watch(): AsyncDisposable & { torn(): Promise<string[]> };
}

const ROWS = `SELECT /* ${BESIDE} */ TO_VARCHAR(_pipegen_partition, 'YYYY-MM-DD') || ' ' || coalesce(TO_VARCHAR(id), 'null') || ' ' || note AS "line" FROM`;

/** Each scenario has a schema of its own. */
export async function openScenario(site: Site, scenario: Scenario): Promise<Disturbed> {
  const { warehouse } = site.options;
  const schema = `"RAW"."${scenario.mode.toUpperCase()}"`;
  const { query } = site.beside;
  await query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await query(`CREATE STAGE ${schema}."PIPEGEN_STAGE" URL = 'gcs://lake/team/'`);
  const job = flightsJob({
    columns: [
      { name: 'id', from: ['id'], type: 'integer' },
      { name: 'note', from: ['note'] },
      { name: 'seen', from: ['seen'], type: 'timestamp' },
    ],
    checks: [{ row_count: { min: 1 } }],
    ...scenario.job,
    warehouse: { ...warehouse, schema: scenario.mode },
  });
  const rig = openRig(job, { store: site.store });
  const upload = ({ records, ...extraction }: Attempt) => uploaded(rig.context, records, extraction);
  for (const one of scenario.before) await loaded(rig.context, await upload(one));
  const tables = ['FLIGHTS', '_PIPEGEN_LOADS'].map((name) => ({
    table: `${schema}."${name}"`,
    kept: `${schema}."KEPT_${name}"`,
  }));
  for (const { table, kept } of tables) await query(`CREATE TABLE ${kept} AS SELECT * FROM ${table}`);
  const records = scenario.before.length;
  const states = {
    old: { rows: scenario.old, records },
    new: { rows: scenario.new, records: records + 1 },
  };
  const rows = async (from: Querying) =>
    (await from.query(`${ROWS} ${schema}."FLIGHTS"`)).map(({ line }) => String(line)).sort();
  return {
    ...states,
    context: rig.context,
    attempt: await upload(scenario.attempt),
    stale: await upload(scenario.stale),
    state: async () => {
      const [count] = await query(`SELECT count(*) AS "n" FROM ${schema}."_PIPEGEN_LOADS"`);
      return { rows: await rows(site.beside), records: Number(count?.n) };
    },
    reset: async () => {
      await query('BEGIN');
      for (const { table, kept } of tables) {
        await query(`DELETE FROM ${table}`);
        await query(`INSERT INTO ${table} SELECT * FROM ${kept}`);
      }
      await query('COMMIT');
    },
    watch: () => {
      const seen = new Set<string>();
      let done = false;
      const watching = (async () => {
        await using reader = await openConnection(site.snowflake);
        while (!done) {
          seen.add(JSON.stringify(await rows(reader)));
          await sleep(100);
        }
      })();
      watching.catch(() => undefined);
      const end = async () => {
        done = true;
        await watching;
      };
      const whole = new Set([states.old, states.new].map((state) => JSON.stringify(state.rows)));
      return {
        torn: async () => {
          await end();
          return [...seen].filter((one) => !whole.has(one));
        },
        [Symbol.asyncDispose]: end,
      };
    },
    [Symbol.asyncDispose]: async () => rig[Symbol.dispose](),
  };
}
