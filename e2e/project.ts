import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { standInEnvironment } from '../src/cli/commands/stand-in.ts';
import type { GeneratedFile } from '../src/compiler/dag.ts';
import type { AirflowVersion } from '../src/spec/environment.ts';
import { finish } from '../test/run/project.ts';
import { queryFile } from '../test/run/tables.ts';
import { CASES, type Case, casePipeline, type Difference } from './case-pipelines.ts';
import type { Services } from './services.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const ENVIRONMENTS: Readonly<Record<AirflowVersion, string>> = {
  '3.3': 'e2e_3_3',
  '2.11': 'e2e_2_11',
};

/** A folder with the spec of these tests and what the build makes of it. */
export interface Project extends Disposable {
  readonly folder: string;
  /** `pipegen …` in this folder; throws with what it said unless it succeeds. */
  pipegen(...args: string[]): Promise<string>;
  /** Asks the DuckDB of the environment `local`. */
  query(sql: string): Promise<unknown[][]>;
  /** What the last build has left for an environment, its paths below `generated`. */
  generated(environment: string): GeneratedFile[];
  /** The DAG file of a pipeline after a change of the spec, which stays as it is. */
  dagAfter(environment: string, pipeline: string, change: (spec: Spec) => void): Promise<string>;
}

/**
 * Without services a spec whose addresses lead nowhere: enough for what stands in the image.
 * @param repository of the image of the pods, where it is not our own
 */
export function createProject(services?: Services, repository?: string): Project {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-e2e-project-'));
  const pipegen = async (...args: string[]): Promise<string> => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/pipegen.js'), ...args], {
      cwd: folder,
      env: {
        ...process.env,
        NO_COLOR: '1',
        XDG_CACHE_HOME: join(folder, '.cache'),
        PIPEGEN_DBT: join(ROOT, '.venv/dbt/bin/dbt'),
        ...(services === undefined ? {} : standInEnvironment(services.standIn)),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { exit, stdout, stderr } = await finish(child);
    if (exit !== 0) throw new Error(`pipegen ${args.join(' ')} ended with ${exit}\n${stdout}${stderr}`);
    return stdout;
  };
  cpSync(join(ROOT, 'dbt'), join(folder, 'dbt'), {
    recursive: true,
    filter: (path) => !/\/(target|logs|dbt_packages)$/.test(path),
  });
  writeFileSync(join(folder, 'pipelines.yaml'), specOf(services, repository));
  writeFileSync(join(folder, 'image.digest'), `sha256:${'0'.repeat(64)}\n`);
  return {
    folder,
    pipegen,
    query: (sql) => queryFile(join(folder, '.pipegen/warehouse.duckdb'), sql),
    generated: (environment) =>
      readdirSync(join(folder, 'generated', environment), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((path) => ({
          path: path.slice(join(folder, 'generated/').length),
          content: readFileSync(path, 'utf8'),
        })),
    dagAfter: async (environment, pipeline, change) => {
      const changed = parse(readFileSync(join(folder, 'pipelines.yaml'), 'utf8'));
      change(changed);
      const file = `${pipeline}.yaml`;
      writeFileSync(join(folder, file), silenced(stringify(changed)));
      await pipegen('build', '--file', file, '--env', environment, '--out', `changed/${pipeline}`);
      return readFileSync(join(folder, 'changed', pipeline, environment, 'dags', `${pipeline}.py`), 'utf8');
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A value of a parsed spec that is about to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: a parsed spec that a test changes
export type Spec = any;

/** The repository's own sources and pipelines in the environments of these tests, with a pipeline for each case. */
function specOf(services: Services | undefined, repository: string | undefined): string {
  const spec: Spec = parse(readFileSync(join(ROOT, 'pipelines.yaml'), 'utf8'));
  const own: Spec = parse(readFileSync(new URL('pipelines.yaml', import.meta.url), 'utf8'), { merge: true });
  const differences: Partial<Record<Case, Difference>> = own.cases;
  Object.assign(spec.secrets, own.secrets);
  spec.environments = own.environments;
  spec.defaults = own.defaults;
  const { aviationstack } = spec.sources;
  // What is asked of a paid API is not what keeps a test waiting.
  aviationstack.rate_limit = { requests: 1000, per: '1s' };
  aviationstack.retry.backoff = { initial: '100ms', max: '1s' };
  const variables: Record<string, string> = { aviationstack_url: services?.standIn.url ?? NOWHERE };
  for (const name of CASES) {
    const { source } = differences[name] ?? {};
    // What is held at a gate must not be given up and asked for again meanwhile.
    const patience = { timeout: '5m', idle_timeout: '5m' };
    spec.sources[name] = { ...aviationstack, ...patience, base_url: `\${variables.${name}_url}`, ...source };
    spec.pipelines[name] = casePipeline(spec.pipelines.flights, name, differences[name]);
    variables[`${name}_url`] = services?.apis[name].url ?? NOWHERE;
  }
  spec.environments.local.variables = variables;
  spec.environments.e2e_3_3.variables = variables;
  if (repository !== undefined) spec.environments.e2e_3_3.launcher.image.repository = repository;
  if (services !== undefined) {
    const { store, warehouse } = spec.environments.e2e_3_3;
    store.endpoint = services.gate.url;
    warehouse.endpoint = services.door.url;
  }
  return silenced(stringify(spec, { aliasDuplicateObjects: false }));
}

const NOWHERE = 'http://stand-in.example/v1';

/** Lint asks for https, and the stand-in speaks in the clear: on this machine and to its own pods. */
function silenced(text: string): string {
  return text.replaceAll(
    /^( *)(?=\w+_url: http:)/gm,
    '$1# pipegen-ignore plain-http: the stand-in of these tests\n$1',
  );
}
