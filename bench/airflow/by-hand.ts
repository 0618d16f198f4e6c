import type { DagDefinition } from '../../src/compiler/dag.ts';

/** The least that Airflow takes for the same tasks: nothing is explicit, secured, limited or asked for. */
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
 * As a careful person writes it: the same pods, limits, timeouts and parameter as pipegen's, without a job, a retry
 * policy, a lookback, secrets and documentation.
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
    "container_resources": k8s.V1ResourceRequirements(
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
    "startup_timeout_seconds": 600,
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
