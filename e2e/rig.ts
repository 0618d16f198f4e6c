import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { AirflowVersion } from '../src/spec/environment.ts';
import { statementsOf } from '../test/compiler/snowflake/set-up.ts';
import { openConnection, type Querying } from '../test/runtime/warehouse/connection.ts';
import { Airflow } from './airflow.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { importImage } from './image.ts';
import { Pods } from './pods.ts';
import { createProject, ENVIRONMENTS, type Project } from './project.ts';
import { makeReference, type Reference } from './reference.ts';
import { type Services, startServices } from './services.ts';

/** All but Airflow, started once for all tests. */
export interface Rig extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly services: Services;
  /** Built, with the image that the pods run. */
  readonly project: Project;
  /** What a run of the day without a cluster leaves; made once. */
  reference(): Promise<Reference>;
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
  const { node, image } = cluster;
  const project = stack.use(createProject(services, image?.repository));
  const digest = node === undefined ? image?.digest : await importImage(node);
  writeFileSync(join(project.folder, 'image.digest'), `${digest}\n`);
  await project.pipegen('build');
  const started = stack.move();
  let reference: Promise<Reference> | undefined;
  const rig: Rig = {
    cluster,
    services,
    project,
    reference: () => {
      reference ??= makeReference(project, services);
      return reference;
    },
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
  const environment = ENVIRONMENTS[version];
  const setSecret = async (name: string, values: Readonly<Record<string, string>>) => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: values };
    await cluster.kubectl(['apply', '--filename', '-'], JSON.stringify(secret));
  };
  const ofAirflow = `${namespace}-airflow`;
  await requireAbsent(cluster, [namespace, ofAirflow]);
  // With a cluster of our own they go anyway; in another the next run must not meet them.
  const wait = `--wait=${cluster.node === undefined}`;
  stack.defer(
    async () =>
      void (await cluster.kubectl(['delete', 'namespace', ofAirflow, namespace, '--ignore-not-found', wait])),
  );
  await cluster.kubectl(['create', 'namespace', ofAirflow]);
  await cluster.kubectl(['create', 'serviceaccount', AIRFLOW_ACCOUNT, '--namespace', ofAirflow]);
  const manifests = join(project.folder, 'generated', environment, 'kubernetes');
  await cluster.kubectl(['apply', '--filename', manifests]);
  await setSecret('aviationstack', { access_key: services.standIn.key });
  await setSecret('mistaken', { access_key: WRONG_KEY });
  await setSecret('snowflake', { private_key: services.snowflakeKey });
  const connection = { ...services.snowflake.connection, database };
  const sql = stack.use(await openConnection({ ...services.snowflake, connection }));
  for (const statement of statementsOf(project.generated(environment))) await sql.query(statement);
  const pods = stack.use(new Pods(cluster, namespace));
  const airflow = stack.use(await Airflow.start(version, project, await kubeconfigIn(cluster, ofAirflow)));
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

/** In a cluster that was there before, they may be those of another run, which nobody else may delete. */
async function requireAbsent({ kubectl }: Cluster, namespaces: readonly string[]): Promise<void> {
  const there = (
    await kubectl(['get', 'namespace', ...namespaces, '--ignore-not-found', '--output=name'])
  ).trim();
  if (there === '') return;
  const names = there.replaceAll('namespace/', '').replaceAll('\n', ' ');
  throw new Error(
    `${names}: there already. Another run is at work in this cluster, or one was killed: kubectl delete namespace ${names}`,
  );
}

/** Of the account that the spec names: Airflow may do what the generated role allows, and nothing else. */
async function kubeconfigIn({ kubeconfig, kubectl, scratch }: Cluster, namespace: string): Promise<string> {
  const lasts = '--duration=24h';
  const token = await kubectl(['create', 'token', AIRFLOW_ACCOUNT, '--namespace', namespace, lasts]);
  const config = parse(readFileSync(kubeconfig, 'utf8'));
  const path = join(scratch, `${namespace}-kubeconfig`);
  const current = config.contexts.find((one: { name: string }) => one.name === config['current-context']);
  const changed = {
    ...config,
    users: [{ name: 'airflow', user: { token: token.trim() } }],
    contexts: [{ ...current, context: { ...current.context, user: 'airflow' } }],
  };
  writeFileSync(path, JSON.stringify(changed), { mode: 0o600 });
  return path;
}

const AIRFLOW_ACCOUNT = 'airflow-worker';
/** The API knows no such key; long enough to be found wherever it were told. */
export const WRONG_KEY = 'wrong-key-0123456789abcdef';
