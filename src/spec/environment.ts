import { z } from 'zod';
import { mountedSecret } from './mounted-secret.ts';
import { name, namespace, objectName, processText, text } from './names.ts';
import { placement } from './placement.ts';
import { resources } from './resources.ts';
import { store } from './store.ts';
import { warehouse } from './warehouse.ts';
import { workloadIdentity } from './workload-identity.ts';

export const AIRFLOW_VERSIONS = ['2.11', '3.3'] as const;
export type AirflowVersion = (typeof AIRFLOW_VERSIONS)[number];

const processLauncher = z.strictObject({
  kind: z.literal('process').describe('BashOperator: the steps run where Airflow’s worker runs.'),
  command: processText
    .min(1)
    .default('pipegen-runtime')
    .describe('What starts a step; its name is appended.'),
});

const kubernetesLauncher = z.strictObject({
  kind: z.literal('kubernetes').describe('KubernetesPodOperator: one pod for each step.'),
  image: z
    .strictObject({
      repository: z.string().min(1).describe('Registry and name, without a tag.'),
      digest_file: z
        .string()
        .min(1)
        .default('image.digest')
        .describe('A file beside the spec with the sha256:… of the pushed image; CI writes it.'),
    })
    .describe('What the pods run.'),
  namespace: namespace.describe('Of the pods, and of nothing else: it gets a quota and a network policy.'),
  service_account: objectName.describe('Of the pods; what it may do by workload identity, they may.'),
  workload_identity: z
    .record(objectName, workloadIdentity)
    .default({})
    .describe('Service account of pods: the identity of a cloud that it stands for.'),
  airflow: z
    .strictObject({
      namespace: namespace.describe('In which Airflow runs.'),
      service_account: objectName.describe('Of what runs its tasks: the workers, or the scheduler itself.'),
    })
    .optional()
    .describe('Who may start the pods, where Airflow runs in the same cluster.'),
  resources: z
    .strictObject({
      cpu: resources.shape.cpu.default('500m'),
      memory: resources.shape.memory.default('1Gi'),
      ephemeral_storage: resources.shape.ephemeral_storage.default('2Gi'),
    })
    .prefault({})
    .describe('Of each pod.'),
  secrets: z
    .record(z.string(), mountedSecret)
    .default({})
    .describe('Where the pods find each secret of the spec.'),
  ...placement,
});

export const launcher = z.discriminatedUnion('kind', [processLauncher, kubernetesLauncher]);

export const environment = z.strictObject({
  airflow: z.enum(AIRFLOW_VERSIONS).describe('The Airflow that the DAGs are written for.'),
  partitions: z
    .enum(['native', 'dates'])
    .optional()
    .describe(
      'Who knows the day of a run: Airflow, by a partition key (native, the default from 3.3 on), or the run, by a list of dates in what it publishes (dates, the only way of 2.11): such events start every DAG that listens to the asset, keyed ones only those that listen for partitions.',
    ),
  launcher: launcher.describe('What starts the steps.'),
  store: store.describe('Where files lie between the steps.'),
  warehouse: warehouse.describe('Where the tables are.'),
  variables: z.record(name, text).default({}).describe('What ${variables.NAME} means here.'),
  overrides: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Name of a pipeline: the keys that are different here.'),
});

/** An environment as written: `extends` takes another as its base, map by map. */
export const environmentName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must start with a lower-case letter and hold only a-z, 0-9 and _');

export type Environment = z.output<typeof environment>;
export type Launcher = z.output<typeof launcher>;
export type KubernetesLauncher = Extract<Launcher, { kind: 'kubernetes' }>;
export type ProcessLauncher = Extract<Launcher, { kind: 'process' }>;
