import { EXIT } from '../../../spec/exit-codes.ts';
import type { Resources } from '../../../spec/resources.ts';
import type { LoweredLauncher } from '../../dag.ts';
import { dictionary, type Expression, type Keywords, list, literal } from '../../python/expression.ts';
import { stepEnvironment, untemplated } from './environment.ts';
import { model } from './kubernetes-model.ts';
import { placementSettings } from './placement.ts';

type Kubernetes = Extract<LoweredLauncher, { kind: 'kubernetes' }>;

/** Cold nodes pull an image for minutes. */
export const STARTUP_SECONDS = 600;
/** The user of distroless images; Pod Security `restricted` wants a number. */
const USER = 65532;

/** What all pods of a pipeline have in common, as arguments of the operator. */
export function podSettings(launcher: Kubernetes): Keywords {
  return [
    ['namespace', literal(launcher.namespace)],
    ['image', literal(untemplated(launcher.image))],
    ['image_pull_policy', literal('IfNotPresent')],
    ['service_account_name', literal(launcher.service_account)],
    ...(isMarked(launcher, launcher.service_account) ? [identityLabels(true)] : []),
    ...placementSettings(launcher),
    ['env_vars', stepEnvironment(launcher.env)],
    ...resourceSettings(launcher.resources),
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

export function isMarked({ workload_identity }: Kubernetes, account: string): boolean {
  return Object.hasOwn(workload_identity ?? {}, account);
}

/** Without this label AKS gives a pod no identity, whatever its service account says. */
export function identityLabels(marked: boolean): Keywords[number] {
  const label = ['azure.workload.identity/use', literal('true')] as const;
  return ['labels', dictionary(marked ? [label] : [])];
}

/** What a pod reserves, and the volume at `/tmp` that is part of it. */
export function resourceSettings({ cpu, memory, ephemeral_storage: storage }: Resources): Keywords {
  const bounds: [string, Expression][] = [
    ['memory', literal(memory)],
    ['ephemeral-storage', literal(storage)],
  ];
  const volume = model('V1Volume', [
    ['name', literal('tmp')],
    ['empty_dir', model('V1EmptyDirVolumeSource', [['size_limit', literal(storage)]])],
  ]);
  return [
    [
      'container_resources',
      model('V1ResourceRequirements', [
        ['requests', dictionary([['cpu', literal(cpu)], ...bounds])],
        ['limits', dictionary(bounds)],
      ]),
    ],
    ['volumes', list([volume])],
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
