import type { DagDefinition, TaskDefinition } from '../../src/compiler/dag.ts';

/**
 * The least that Airflow takes for five pods and a publication. Lacks all that `plainFile` has beside: the parameter,
 * resources, volume, security contexts, timeouts, the account, and what a failing or hanging task needs.
 */
export function bareFile(dag: DagDefinition): string {
  const settings = `
        namespace="data-pipelines",
        image="registry.example.com/data/pipegen:latest",
        env_vars={"PARTITION": "{{ partition_key }}"},`;
  return `from datetime import datetime

${IMPORTS}

with DAG(
    dag_id="${dag.dagId}",
    schedule=${SCHEDULE},
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"retries": 3},
):
${tasksOf(dag, settings)}`;
}

/**
 * All that pipegen's file does, in as few statements as a person needs: what reads as one constant there is inlined
 * here, and there is no documentation and no comment. The difference between the two is what generating costs.
 */
export function equalFile(dag: DagDefinition): string {
  return `from datetime import datetime, timedelta, timezone

from airflow.providers.cncf.kubernetes.secret import Secret
${IMPORTS.replace('Asset, CronPartitionTimetable', 'Asset, CronPartitionTimetable, Param, RetryDecision, RetryPolicy')}
from kubernetes.client import models as k8s

PARTITIONS = """
{%- set day = params.partition or partition_key
    or (dag_run.run_after - macros.timedelta(days=1)).astimezone(dag.timezone) | ds -%}
{%- set lookback = 2 if dag_run.run_type == 'scheduled' and not params.partition else 0 -%}
{%- for days in range(-lookback, 1) -%}
    {{ macros.ds_add(day, days) }}{{ '' if loop.last else ',' }}
{%- endfor -%}
"""


class StopOnPermanentFailure(RetryPolicy):
    def evaluate(self, exception, try_number, max_tries, context=None):
        pod = context["task"].remote_pod
        for container in (pod.status.container_statuses or []) if pod else []:
            ended = container.state.terminated
            if container.name == "base" and ended and ended.exit_code in (65, 70, 78):
                return RetryDecision.fail()
        return RetryDecision.default()


POD = {
    "namespace": "data-pipelines",
    "image": "registry.example.com/data/pipegen@sha256:0000000000000000000000000000000000000000000000000000000000000000",
    "image_pull_policy": "IfNotPresent",
    "service_account_name": "pipegen",
    "env_vars": {
        "PIPEGEN_PARTITIONS": PARTITIONS,
        "PIPEGEN_DAG_ID": "{{ dag.dag_id }}",
        "PIPEGEN_TASK_ID": "{{ ti.task_id }}",
        "PIPEGEN_RUN_ID": "{{ run_id }}",
        "PIPEGEN_TRY_NUMBER": "{{ ti.try_number }}",
        "PIPEGEN_MAX_TRIES": "{{ ti.max_tries }}",
        "PIPEGEN_JOB": r'''${JSON.stringify(JSON.parse(dag.jobText))}''',
    },
${SAFETY}    "execution_timeout": timedelta(minutes=55),
    "active_deadline_seconds": 2700,
    "startup_timeout_seconds": 600,
    "termination_grace_period": 60,
    "termination_message_policy": "FallbackToLogsOnError",
    "on_finish_action": "delete_pod",
    "random_name_suffix": True,
    "skip_on_exit_code": 99,
    "deferrable": False,
    "do_xcom_push": False,
    "log_events_on_failure": True,
    "log_pod_spec_on_failure": False,
    "retry_policy": StopOnPermanentFailure(),
}
KEEP = {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false", "sidecar.istio.io/inject": "false"}
DONE = Asset(name="${dag.dagId}", uri="${dag.publishes.uri}")

with DAG(
    dag_id="${dag.dagId}",
    description="${dag.description}",
    tags=["orders"],
    schedule=${SCHEDULE},
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    params={"partition": Param(default=None, type=["null", "string"], format="date", title="Partition")},
    default_args={
        "owner": "data-platform",
        "retries": 3,
        "retry_delay": timedelta(minutes=5),
        "retry_exponential_backoff": 2,
        "max_retry_delay": timedelta(hours=1),
    },
):
${dag.tasks.map((task) => equalTask(dag, task)).join('')}
    @task(outlets=[DONE], execution_timeout=timedelta(minutes=5))
    def publish(partitions, *, outlet_events=None):
        outlet_events[DONE].add_partitions(partitions.split(","))

    ${dag.tasks.map(({ step }) => step).join(' >> ')} >> publish(PARTITIONS)
`;
}

function equalTask(dag: DagDefinition, { step, definition, secrets, pool }: TaskDefinition): string {
  const mounted = secrets.map(
    ({ variable, kubernetes }) =>
      `Secret("env", "${variable}", "${kubernetes?.name ?? ''}", "${kubernetes?.key ?? ''}")`,
  );
  return `    ${step} = KubernetesPodOperator(
        task_id="${step}",
        name="${dag.dagId.replaceAll('_', '-')}-${step}",
        arguments=["${step}"],
        annotations={**KEEP, "pipegen.dev/definition": "${definition}"},${
          mounted.length === 0
            ? ''
            : `
        secrets=[${mounted.join(', ')}],`
        }${
          pool === undefined
            ? ''
            : `
        pool="${pool}",`
        }
        **POD,
    )
`;
}

/**
 * As a careful person writes it: the same pods, limits, timeouts and parameter as pipegen's. Lacks what makes a run
 * whole: job, retry policy, backoff, lookback, annotations, secret, pool, and `publish` names no partition.
 */
export function plainFile(dag: DagDefinition): string {
  const settings = `
        execution_timeout=timedelta(minutes=55),
        active_deadline_seconds=2700,
        **POD,`;
  return `from datetime import datetime, timedelta, timezone

${IMPORTS.replace('Asset, CronPartitionTimetable', 'Asset, CronPartitionTimetable, Param')}
from kubernetes.client import models as k8s

POD = {
    "namespace": "data-pipelines",
    "image": "registry.example.com/data/pipegen:latest",
    "image_pull_policy": "IfNotPresent",
    "service_account_name": "pipegen",
    "env_vars": {"PARTITION": "{{ params.partition or partition_key }}"},
${SAFETY}    "startup_timeout_seconds": 600,
    "on_finish_action": "delete_pod",
    "deferrable": False,
    "do_xcom_push": False,
}

with DAG(
    dag_id="${dag.dagId}",
    description="${dag.description}",
    tags=["orders"],
    schedule=${SCHEDULE},
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    params={"partition": Param(default=None, type=["null", "string"], format="date")},
    default_args={"owner": "data-platform", "retries": 3, "retry_delay": timedelta(minutes=5)},
):
${tasksOf(dag, settings)}`;
}

/** What Pod Security `restricted` accepts, with a limit for everything. */
const SAFETY = `    "container_resources": k8s.V1ResourceRequirements(
        requests={"cpu": "500m", "memory": "1Gi", "ephemeral-storage": "2Gi"},
        limits={"memory": "1Gi", "ephemeral-storage": "2Gi"},
    ),
    "volumes": [k8s.V1Volume(name="tmp", empty_dir=k8s.V1EmptyDirVolumeSource(size_limit="2Gi"))],
    "volume_mounts": [k8s.V1VolumeMount(name="tmp", mount_path="/tmp")],
    "security_context": k8s.V1PodSecurityContext(
        run_as_non_root=True,
        run_as_user=65532,
        run_as_group=65532,
        fs_group=65532,
        seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault"),
    ),
    "container_security_context": k8s.V1SecurityContext(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=k8s.V1Capabilities(drop=["ALL"]),
    ),
`;

const IMPORTS = `from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG, Asset, CronPartitionTimetable, task`;

const SCHEDULE = 'CronPartitionTimetable("0 6 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d")';

function tasksOf(dag: DagDefinition, settings: string): string {
  const tasks = dag.tasks.map(
    ({ step }) => `    ${step} = KubernetesPodOperator(
        task_id="${step}",
        name="${dag.dagId.replaceAll('_', '-')}-${step}",
        arguments=["${step}", "${dag.dagId}"],${settings}
    )
`,
  );
  return `${tasks.join('')}
    @task(outlets=[Asset("${dag.dagId}")])
    def publish():
        pass

    ${dag.tasks.map(({ step }) => step).join(' >> ')} >> publish()
`;
}
