import { EXIT } from '../../../spec/exit-codes.ts';
import type { DagDefinition, LoweredLauncher, TaskDefinition } from '../../dag.ts';
import {
  call,
  dictionary,
  type Expression,
  imported,
  list,
  literal,
  name,
  tall,
} from '../../python/expression.ts';
import { type Fragment, python } from '../../python/python.ts';
import { assign } from '../../python/statement.ts';
import { timedelta } from '../duration.ts';
import { STEP_ENVIRONMENT, untemplated } from './environment.ts';
import type { Lowering } from './launcher.ts';

type Kubernetes = Extract<LoweredLauncher, { kind: 'kubernetes' }>;

/** Cold nodes pull an image for minutes. */
const STARTUP_SECONDS = 600;
/** For stopping cleanly and for what Airflow does around the pod. */
const MARGIN_SECONDS = 300;
/** Kubernetes appends a suffix of its own to at most this much. */
const POD_NAME_LENGTH = 54;
/** The user of distroless images; Pod Security `restricted` wants a number. */
const USER = 65532;

const ANNOTATIONS: Fragment = {
  source: python(`def annotations(definition: str) -> dict[str, str]:
    """Keep the pod alive and alone, and tie the DAG version to the definition of the task."""
    return {
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
        "sidecar.istio.io/inject": "false",
        "pipegen.dev/definition": definition,
    }`),
  imports: [],
};

/** KubernetesPodOperator: one pod for each step. */
export function kubernetesLauncher(launcher: Kubernetes): Lowering {
  return (dag, { operator, definitions, settings }, identifier) => {
    const secrets = secretConstants(dag, identifier);
    return {
      definitions: [ANNOTATIONS, ...definitions],
      constants: [
        assign('POD', tall(dictionary([...podSettings(launcher), ...settings])), [
          'What every pod of this pipeline has in common.',
        ]),
        ...(secrets.size === 0 ? [] : [mergeLines([...secrets.values()].map((one) => one.constant))]),
      ],
      task: (task) => podTask(dag, task, operator, secrets),
    };
  };
}

type Secrets = ReadonlyMap<string, { readonly name: string; readonly constant: Fragment }>;

function secretConstants(dag: DagDefinition, identifier: (wanted: string) => string): Secrets {
  const secrets = new Map<string, { name: string; constant: Fragment }>();
  for (const { variable, kubernetes } of dag.tasks.flatMap((task) => task.secrets)) {
    if (secrets.has(variable)) continue;
    if (kubernetes === undefined) throw new Error(`${dag.dagId}: ${variable} has no Kubernetes secret`);
    const constant = identifier(variable);
    const secret = imported('airflow.providers.cncf.kubernetes.secret', 'Secret');
    const values = ['env', variable, kubernetes.name, kubernetes.key].map(literal);
    secrets.set(variable, { name: constant, constant: assign(constant, call(secret, values)) });
  }
  return secrets;
}

function mergeLines(fragments: readonly Fragment[]): Fragment {
  return {
    source: python(fragments.map((one) => one.source).join('\n')),
    imports: fragments.flatMap((one) => one.imports),
  };
}

function podTask(
  dag: DagDefinition,
  task: TaskDefinition,
  operator: Expression,
  secrets: Secrets,
): Expression {
  const names = task.secrets.map(({ variable }) => name(secrets.get(variable)?.name ?? variable));
  const running = Math.ceil(task.timeoutSeconds) + MARGIN_SECONDS;
  return tall(
    call(
      operator,
      [],
      [
        ['task_id', literal(task.step)],
        ['name', literal(podName(dag.dagId, task.step))],
        ['arguments', list([literal(task.step)])],
        ['annotations', call(name('annotations'), [literal(task.definition)])],
        ...(names.length === 0 ? [] : ([['secrets', list(names)]] as const)),
        // Airflow's clock includes the wait for the pod; the deadline is the cluster's own stop.
        ['execution_timeout', timedelta(2 * STARTUP_SECONDS + running)],
        ['active_deadline_seconds', literal(STARTUP_SECONDS + running)],
        ['**', name('POD')],
      ],
    ),
  );
}

function podName(dagId: string, step: string): string {
  const room = POD_NAME_LENGTH - step.length - 1;
  const slug = dagId.replaceAll('_', '-').slice(0, room).replace(/-+$/, '');
  return `${slug}-${step}`;
}

function podSettings(launcher: Kubernetes): [string, Expression][] {
  const { cpu, memory, ephemeral_storage: storage } = launcher.resources;
  const bounds: [string, Expression][] = [
    ['memory', literal(memory)],
    ['ephemeral-storage', literal(storage)],
  ];
  const volume = model('V1Volume', [
    ['name', literal('tmp')],
    ['empty_dir', model('V1EmptyDirVolumeSource', [['size_limit', literal(storage)]])],
  ]);
  return [
    ['namespace', literal(launcher.namespace)],
    ['image', literal(untemplated(launcher.image))],
    ['image_pull_policy', literal('IfNotPresent')],
    ['service_account_name', literal(launcher.service_account)],
    ['env_vars', STEP_ENVIRONMENT],
    [
      'container_resources',
      model('V1ResourceRequirements', [
        ['requests', dictionary([['cpu', literal(cpu)], ...bounds])],
        ['limits', dictionary(bounds)],
      ]),
    ],
    ['volumes', list([volume])],
    [
      'volume_mounts',
      list([
        model('V1VolumeMount', [
          ['name', literal('tmp')],
          ['mount_path', literal('/tmp')],
        ]),
      ]),
    ],
    ['security_context', podSecurity()],
    ['container_security_context', containerSecurity()],
    ['startup_timeout_seconds', literal(STARTUP_SECONDS)],
    ['termination_grace_period', literal(60)],
    ['termination_message_policy', literal('FallbackToLogsOnError')],
    ['on_finish_action', literal('delete_pod')],
    ['random_name_suffix', literal(true)],
    ['skip_on_exit_code', literal(EXIT.nothing)],
    ['deferrable', literal(false)],
    ['do_xcom_push', literal(false)],
    ['log_events_on_failure', literal(true)],
    ['log_pod_spec_on_failure', literal(false)],
  ];
}

function podSecurity(): Expression {
  return model('V1PodSecurityContext', [
    ['run_as_non_root', literal(true)],
    ['run_as_user', literal(USER)],
    ['run_as_group', literal(USER)],
    ['fs_group', literal(USER)],
    ['seccomp_profile', model('V1SeccompProfile', [['type', literal('RuntimeDefault')]])],
  ]);
}

function containerSecurity(): Expression {
  return model('V1SecurityContext', [
    ['allow_privilege_escalation', literal(false)],
    ['read_only_root_filesystem', literal(true)],
    ['capabilities', model('V1Capabilities', [['drop', list([literal('ALL')])]])],
  ]);
}

/** A typed object of the Kubernetes client: a plain dictionary would be passed on unchecked. */
function model(type: string, fields: [string, Expression][]): Expression {
  return call(imported('kubernetes.client', `models.${type}`, 'k8s'), [], fields);
}
