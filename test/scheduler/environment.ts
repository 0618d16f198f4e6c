import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AirflowVersion } from '../../src/spec/environment.ts';
import { program } from '../airflow/airflow.ts';

/** What DAGs import from, and what Airflow itself is set up by: whoever has a path of his own keeps it. */
export const MODULES = fileURLToPath(new URL('python', import.meta.url));

/** What an Airflow runs with: nothing of the caller's own, nothing that two of them would share. */
export async function schedulerEnvironment(
  version: AirflowVersion,
  home: string,
): Promise<NodeJS.ProcessEnv> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(_?AIRFLOW|PYTHON|VIRTUAL_ENV)/.test(name),
  );
  const bin = dirname(program(`airflow-${version}`, 'airflow'));
  return {
    ...Object.fromEntries(inherited),
    PATH: [bin, process.env.PATH].join(delimiter),
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: join(home, 'dags'),
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    // Airflow draws one into its configuration file: services that start together may then have different ones.
    AIRFLOW__CORE__FERNET_KEY: randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__PARALLELISM: '3',
    AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '200',
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${join(home, 'airflow.db')}`,
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS: 'patient_sqlite.ARGUMENTS',
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS_ASYNC: 'patient_sqlite.ARGUMENTS',
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(await freePort()),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONPATH: MODULES,
    TZ: 'UTC',
    ...(version === '2.11'
      ? { _AIRFLOW__SKIP_DATABASE_EXECUTOR_COMPATIBILITY_CHECK: '1' }
      : server(await freePort())),
  };
}

/** Airflow 3 talks to its tasks through an API server. */
function server(port: number): NodeJS.ProcessEnv {
  return {
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__BASE_URL: `http://127.0.0.1:${port}`,
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__API_AUTH__JWT_SECRET: randomBytes(64).toString('hex'),
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT: '120',
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '10',
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(address)));
    });
  });
}
