import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AirflowVersion } from '../src/spec/environment.ts';
import { statementsOf } from '../test/compiler/snowflake/set-up.ts';
import { openConnection, type Querying } from '../test/runtime/warehouse/connection.ts';
import { Airflow } from './airflow.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { importImage } from './image.ts';
import { Pods } from './pods.ts';
import { createProject, ENVIRONMENTS, type Project } from './project.ts';
import { type Services, startServices } from './services.ts';

/** All but Airflow, started once for all tests. */
export interface Rig extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly services: Services;
  /** Built, with the image that the pods run. */
  readonly project: Project;
  /** Sets an environment up as its requirements say, and starts the Airflow that runs it. */
  environment(version: AirflowVersion): Promise<Environment>;
}

/** One Airflow, with what its pods need. */
export interface Environment extends AsyncDisposable {
  readonly rig: Rig;
  readonly airflow: Airflow;
  readonly pods: Pods;
  /** A session in the emulator of Snowflake, of an administrator. */
  readonly sql: Querying;
  /** `LAKE_3_3` */
  readonly database: string;
  /** Writes a secret of the pods, in the place of the one that is there. */
  setSecret(name: string, values: Readonly<Record<string, string>>): Promise<void>;
}

export async function startRig(): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster());
  // Whatever is made from here on goes with the cluster, also where these tests are killed.
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = cluster.scratch;
  stack.defer(() => {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
  });
  const services = stack.use(await startServices(cluster.hostAddress));
  const project = stack.use(createProject(services));
  const image =
    cluster.node === undefined
      ? (process.env.PIPEGEN_E2E_IMAGE ?? '')
      : `@${await importImage(cluster.node)}`;
  writeFileSync(join(project.folder, 'image.digest'), `${image.split('@').at(-1)}\n`);
  await project.pipegen('build');
  const started = stack.move();
  const rig: Rig = {
    cluster,
    services,
    project,
    environment: (version) => startEnvironment(rig, version),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
  return rig;
}

async function startEnvironment(rig: Rig, version: AirflowVersion): Promise<Environment> {
  await using stack = new AsyncDisposableStack();
  const { cluster, services, project } = rig;
  const namespace = `pipegen-e2e-${version.replace('.', '-')}`;
  const database = `LAKE_${version.replace('.', '_')}`;
  const apply = (...documents: object[]) =>
    cluster.kubectl(
      ['apply', '--filename', '-'],
      documents.map((one) => JSON.stringify(one)).join('\n---\n'),
    );
  const setSecret = async (name: string, values: Readonly<Record<string, string>>) => {
    const metadata = { name, namespace };
    await apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: values });
  };
  stack.defer(
    async () => void (await cluster.kubectl(['delete', 'namespace', namespace, '--ignore-not-found'])),
  );
  await apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: RESTRICTED } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'pipegen', namespace } },
  );
  await setSecret('aviationstack', { access_key: services.standIn.key });
  await setSecret('snowflake', { private_key: services.snowflakeKey });
  const connection = { ...services.snowflake.connection, database };
  const sql = stack.use(await openConnection({ ...services.snowflake, connection }));
  for (const statement of statementsOf(project.generated(ENVIRONMENTS[version]))) await sql.query(statement);
  const pods = stack.use(new Pods(cluster, namespace));
  const airflow = stack.use(await Airflow.start(version, project, cluster.kubeconfig));
  const started = stack.move();
  return {
    rig,
    airflow,
    pods,
    sql,
    database,
    setSecret,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

const RESTRICTED = Object.fromEntries(
  ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
);
