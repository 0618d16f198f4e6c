import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import type { ResolvedEnvironment } from '../../compiler/resolved.ts';
import { findDbt } from '../../runtime/steps/dbt/find-dbt.ts';
import { type DbtTarget, profileName, writeProfile } from '../../runtime/steps/dbt/profile.ts';
import { runDbt } from '../../runtime/steps/dbt/run-dbt.ts';
import type { SignsIn } from '../../runtime/steps/dbt/snowflake-target.ts';
import type { Warehouse } from '../../spec/warehouse.ts';
import { MODEL_SCHEMA } from '../../warehouse-tables/models.ts';
import { missing, ok, type Probe, unknown } from './probe.ts';

export interface DbtProbeOptions {
  readonly environment: ResolvedEnvironment;
  readonly home: string;
  readonly scratch: string;
  /** Who signs in to a warehouse that asks for it. */
  readonly signsIn: SignsIn;
}

/** One for each dbt project of the environment: whether dbt is found, with the adapter, and takes the project. */
export function dbtProbes({ environment, home, scratch, signsIn }: DbtProbeOptions): Probe[] {
  const variables = signsIn.environment;
  const projects = environment.pipelines.flatMap(({ settings: { dbt } }) =>
    dbt !== undefined && 'project' in dbt ? [dbt.project] : [],
  );
  const { launcher, warehouse } = environment.settings;
  return [...new Set(projects)].sort().map((project) => {
    const what = `dbt ${project}`;
    return {
      what,
      repair: 'install dbt-core with the adapter of the warehouse, or set PIPEGEN_DBT to the path of dbt',
      look: async (signal) => {
        const folder = resolve(home, project);
        const name = await profileName(folder);
        if (launcher.kind === 'kubernetes') {
          return [
            unknown(
              what,
              `${folder} is a dbt project; dbt itself runs in the image, which was not looked at`,
            ),
          ];
        }
        const program = findDbt(home, variables);
        const profiles = await mkdtemp(join(scratch, 'dbt-'));
        const { output, environment: keys } = await targetOf(warehouse, signsIn, profiles);
        await writeProfile(profiles, name, { output, environment: keys });
        const said = await debug(program, folder, profiles, { ...variables, ...keys }, signal);
        return said === undefined
          ? [
              ok(
                what,
                warehouse.kind === 'duckdb'
                  ? `${program} has the adapter of DuckDB and takes the project`
                  : `${program} takes the project and signs in to ${warehouse.kind}`,
              ),
            ]
          : [missing(what, said, `run ${program} debug --project-dir ${folder}`)];
      },
    };
  });
}

async function targetOf(warehouse: Warehouse, signsIn: SignsIn, folder: string): Promise<DbtTarget> {
  if (warehouse.kind === 'snowflake') {
    const { snowflakeTarget } = await import('../../runtime/steps/dbt/snowflake-target.ts');
    return snowflakeTarget(signsIn, warehouse, folder);
  }
  // The file itself is looked at elsewhere: dbt would make one that is not there.
  return { output: { type: 'duckdb', path: ':memory:', schema: MODEL_SCHEMA }, environment: {} };
}

/** What `dbt debug` complains of. */
async function debug(
  program: string,
  project: string,
  folder: string,
  variables: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const lines: string[] = [];
  const log = pino(
    { base: null },
    { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const end = await runDbt(
    program,
    [
      ...['debug', '--project-dir', project, '--profiles-dir', folder, '--log-path', folder],
      ...['--log-format', 'json', '--log-level-file', 'none', '--no-use-colors'],
    ],
    {
      environment: { ...variables, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', NO_COLOR: '1' },
      folder,
      log,
      signal,
    },
  );
  if (end.code === 0) return undefined;
  const failed = lines.findIndex((line) => /checks? failed:/.test(line));
  const said = failed < 0 ? end.errors : lines.slice(failed + 1, failed + 2);
  return said.length === 0
    ? `dbt debug ended with ${end.code}`
    : said.join(' ').replaceAll(/\s+/g, ' ').trim();
}
