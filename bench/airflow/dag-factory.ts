import { stringify } from 'yaml';
import type { DagDefinition, LoweredLauncher } from '../../src/compiler/dag.ts';

type Kubernetes = Extract<LoweredLauncher, { kind: 'kubernetes' }>;

const k8s = (type: string, fields: object) => ({ __type__: `kubernetes.client.models.${type}`, ...fields });
const list = (items: readonly unknown[]) => ({ __type__: 'builtins.list', items });
const seconds = (value: number) => ({ __type__: 'datetime.timedelta', seconds: value });

/**
 * The DAG as dag-factory 1.1.0 takes it: the same schedule, tasks and pods. It has no retry policy and publishes by an
 * operator that does nothing, which is less work than ours.
 */
export function factoryYaml(dag: DagDefinition): string {
  const { launcher, schedule } = dag;
  if (launcher.kind !== 'kubernetes' || schedule.kind !== 'cron') throw new Error('not a DAG of the bench');
  const tasks = dag.tasks.map((task, index) => ({
    task_id: task.step,
    operator: 'airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator',
    dependencies: dag.tasks.slice(Math.max(0, index - 1), index).map(({ step }) => step),
    name: `${dag.dagId.replaceAll('_', '-')}-${task.step}`,
    arguments: [task.step],
    annotations: { 'pipegen.dev/definition': task.definition },
    execution_timeout: seconds(3300),
    active_deadline_seconds: 2700,
  }));
  const publish = {
    task_id: 'publish',
    operator: 'airflow.providers.standard.operators.empty.EmptyOperator',
    dependencies: ['dbt'],
    outlets: [dag.publishes.uri],
  };
  const definition = {
    description: dag.description,
    tags: dag.tags,
    schedule: {
      __type__: 'airflow.sdk.CronPartitionTimetable',
      __args__: [schedule.cron],
      timezone: schedule.timezone,
      run_offset: -1,
      key_format: '%Y-%m-%d',
    },
    start_date: dag.startDate,
    catchup: false,
    max_active_runs: dag.maxActiveRuns,
    dagrun_timeout: seconds(dag.runTimeoutSeconds),
    // Said once, which is the fastest way that dag-factory has: per task it would read the job five times.
    default_args: {
      owner: dag.owner,
      retries: dag.retries,
      retry_delay: seconds(dag.retryDelaySeconds),
      ...podSettings(launcher, dag.jobText),
    },
    tasks: [...tasks, publish],
  };
  return stringify({ [dag.dagId]: definition }, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function podSettings(launcher: Kubernetes, job: string): object {
  const { cpu, memory, ephemeral_storage: storage } = launcher.resources;
  const bounds = { memory, 'ephemeral-storage': storage };
  return {
    namespace: launcher.namespace,
    image: launcher.image,
    image_pull_policy: 'IfNotPresent',
    service_account_name: launcher.service_account,
    env_vars: {
      PIPEGEN_PARTITIONS: '{{ params.partition or partition_key }}',
      PIPEGEN_DAG_ID: '{{ dag.dag_id }}',
      PIPEGEN_TASK_ID: '{{ ti.task_id }}',
      PIPEGEN_RUN_ID: '{{ run_id }}',
      PIPEGEN_TRY_NUMBER: '{{ ti.try_number }}',
      PIPEGEN_MAX_TRIES: '{{ ti.max_tries }}',
      PIPEGEN_JOB: job,
    },
    container_resources: k8s('V1ResourceRequirements', { requests: { cpu, ...bounds }, limits: bounds }),
    volumes: list([
      k8s('V1Volume', { name: 'tmp', empty_dir: k8s('V1EmptyDirVolumeSource', { size_limit: storage }) }),
    ]),
    volume_mounts: list([k8s('V1VolumeMount', { name: 'tmp', mount_path: '/tmp' })]),
    security_context: k8s('V1PodSecurityContext', {
      run_as_non_root: true,
      run_as_user: 65532,
      run_as_group: 65532,
      fs_group: 65532,
      seccomp_profile: k8s('V1SeccompProfile', { type: 'RuntimeDefault' }),
    }),
    container_security_context: k8s('V1SecurityContext', {
      allow_privilege_escalation: false,
      read_only_root_filesystem: true,
      capabilities: k8s('V1Capabilities', { drop: ['ALL'] }),
    }),
    startup_timeout_seconds: 600,
    termination_grace_period: 60,
    termination_message_policy: 'FallbackToLogsOnError',
    on_finish_action: 'delete_pod',
    random_name_suffix: true,
    skip_on_exit_code: 99,
    deferrable: false,
    do_xcom_push: false,
    log_events_on_failure: true,
    log_pod_spec_on_failure: false,
  };
}
