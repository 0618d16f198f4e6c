import type { WrittenJob } from '../../spec/job.ts';
import { INTERNAL_STAGE } from '../../spec/stage.ts';
import { MODEL_SCHEMA } from '../../warehouse-tables/models.ts';
import {
  CHECK_COLUMNS,
  CHECKS,
  LOAD_COLUMNS,
  LOADS,
  OWN_COLUMNS,
} from '../../warehouse-tables/own-tables.ts';
import { SNOWFLAKE_OWN_TYPES, snowflakeType } from '../../warehouse-tables/snowflake.ts';
import { roleBase, type SnowflakeRoles, snowflakeRoles } from '../../warehouse-tables/snowflake-roles.ts';
import type { DagDefinition } from '../dag.ts';

type SnowflakeJob = WrittenJob & { warehouse: Extract<WrittenJob['warehouse'], { kind: 'snowflake' }> };

/** A column as it is made: name and Snowflake's type. */
export type MadeColumn = readonly [name: string, type: string];

export interface SetupTable {
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly MadeColumn[];
}

/** An external stage over the store. */
export interface SetupStage {
  readonly name: string;
  readonly integration: string;
  readonly fileFormat: string;
  /** `gcs://bucket/prefix/` */
  readonly url: string;
}

export interface SetupUser {
  readonly name: string;
  /** Made by the set-up; else it is a person, who is there. */
  readonly service: boolean;
  /** What lets the user in, where that is set in Snowflake. */
  readonly proof?: 'key' | 'gcp' | 'aws' | 'azure' | 'oidc';
}

/** What has to be there in a Snowflake account before an environment's steps run. Names as in the spec, unquoted. */
export interface SnowflakeSetup {
  readonly environment: string;
  readonly specFile: string;
  readonly roles: SnowflakeRoles;
  /** As whom the steps sign in; undefined where the spec does not know. */
  readonly user?: SetupUser;
  /** Snowflake's warehouse. */
  readonly compute: string;
  readonly monitor: string;
  /** Longest that a task which asks Snowflake may take: no statement of it is of use to anybody afterwards. */
  readonly statementSeconds: number;
  readonly database: string;
  readonly schema: string;
  /** Undefined where no pipeline has a step dbt. */
  readonly modelSchema?: string;
  /** Undefined where the steps bring the files themselves. */
  readonly stage?: SetupStage;
  /** By name; empty where no pipeline loads. */
  readonly tables: readonly SetupTable[];
}

/**
 * Read from the jobs, so that it is what the steps will look for.
 * @param dags of one environment
 * @returns undefined where the warehouse is another
 */
export function setupOf(dags: readonly DagDefinition[]): SnowflakeSetup | undefined {
  const members = dags.map((dag) => ({ dag, job: JSON.parse(dag.jobText) as WrittenJob }));
  const [first] = members;
  if (first === undefined || !isSnowflake(first.job)) return undefined;
  const { dag, job } = first;
  const { warehouse } = job;
  const base = roleBase(warehouse.role);
  const asks = dags.flatMap(({ tasks }) =>
    tasks.filter(({ step }) => ['load', 'check', 'dbt'].includes(step)),
  );
  const stage = stageOf(job, base);
  const user = userOf(warehouse.auth, base);
  return {
    environment: dag.environment,
    specFile: dag.specFile,
    roles: snowflakeRoles(warehouse.role.toUpperCase()),
    ...(user === undefined ? {} : { user }),
    compute: warehouse.compute,
    monitor: `${base}_${warehouse.compute}`,
    statementSeconds: Math.max(...asks.map(({ timeoutSeconds }) => timeoutSeconds), 60),
    database: warehouse.database,
    schema: warehouse.schema,
    ...(asks.some(({ step }) => step === 'dbt') ? { modelSchema: MODEL_SCHEMA } : {}),
    ...(stage === undefined ? {} : { stage }),
    tables: tablesOf(members.map((one) => one.job)),
  };
}

function isSnowflake(job: Partial<WrittenJob>): job is SnowflakeJob {
  return job.warehouse?.kind === 'snowflake';
}

/** An identity of a machine gets a user of its own; a person has one. */
function userOf(auth: SnowflakeJob['warehouse']['auth'], base: string): SetupUser | undefined {
  switch (auth?.kind) {
    case 'workload_identity':
      return { name: `${base}_SERVICE`, service: true, proof: auth.provider };
    case 'key_pair':
      return { name: auth.user, service: true, proof: 'key' };
    case 'external_browser':
      return { name: auth.user, service: false };
    default:
      // Whoever issues the token says whose it is; an emulator asks nobody.
      return undefined;
  }
}

function stageOf({ store, warehouse }: SnowflakeJob, base: string): SetupStage | undefined {
  if (warehouse.stage === INTERNAL_STAGE || store.kind !== 'gcs') return undefined;
  const path = [store.bucket, ...(store.prefix ?? '').split('/').filter((part) => part !== '')].join('/');
  return {
    name: warehouse.stage,
    // Of this one place: an account has its integrations in common, and one that is there is left as it is.
    integration: `${base}_${path.replace(/[^A-Za-z0-9]+/g, '_')}`,
    fileFormat: `${base}_PARQUET`,
    url: `gcs://${path}/`,
  };
}

function tablesOf(jobs: readonly WrittenJob[]): SetupTable[] {
  const loaded = jobs.flatMap(({ pipeline, load, columns = [] }): SetupTable[] => {
    if (load === undefined) return [];
    const declared = columns.map(({ name, type }): MadeColumn => [name, snowflakeType(type ?? 'string')]);
    return [
      {
        name: load.table,
        comment: `what the pipeline ${pipeline} loads`,
        columns: [...declared, ...own(OWN_COLUMNS)],
      },
    ];
  });
  if (loaded.length === 0) return [];
  return [
    { name: LOADS, comment: 'one row for each committed load', columns: own(LOAD_COLUMNS) },
    { name: CHECKS, comment: 'one row for each check, partition and run', columns: own(CHECK_COLUMNS) },
    ...loaded.sort((a, b) => (a.name < b.name ? -1 : 1)),
  ];
}

function own(columns: typeof OWN_COLUMNS): MadeColumn[] {
  return columns.map(([name, type]) => [name, SNOWFLAKE_OWN_TYPES[type]]);
}
