import type { DagDefinition, LoweredLauncher, TaskDefinition } from '../../dag.ts';
import {
  call,
  dictionary,
  type Expression,
  imported,
  type Keywords,
  list,
  literal,
  name,
  tall,
} from '../../python/expression.ts';
import { type Fragment, python } from '../../python/python.ts';
import { assign } from '../../python/statement.ts';
import { timedelta } from '../duration.ts';
import { taskArguments } from '../task-arguments.ts';
import { annotations } from './annotations.ts';
import { connectionEnvironment } from './connection-environment.ts';
import { untemplated } from './environment.ts';
import type { Lowering } from './launcher.ts';
import { stepTask } from './mapped.ts';
import { identityLabels, isMarked, podSettings, resourceSettings, STARTUP_SECONDS } from './pod-settings.ts';

type Kubernetes = Extract<LoweredLauncher, { kind: 'kubernetes' }>;

/** For stopping cleanly and for what Airflow does around the pod. */
const MARGIN_SECONDS = 300;
/** Kubernetes appends a suffix of its own to at most this much. */
const POD_NAME_LENGTH = 54;

/** KubernetesPodOperator: one pod for each step. */
export function kubernetesLauncher(launcher: Kubernetes): Lowering {
  return (dag, { operator, definitions, settings }, identifier) => {
    const secrets = secretConstants(dag, identifier);
    const pods = ownPods(dag, launcher, identifier);
    return {
      definitions: [annotations(launcher.annotations), ...definitions],
      constants: [
        assign('POD', tall(dictionary([...podSettings(launcher), ...settings])), [
          'What every pod of this pipeline has in common.',
        ]),
        ...[...pods.values()].map((one) => one.constant),
        ...(secrets.size === 0 ? [] : [mergeLines([...secrets.values()].map((one) => one.constant))]),
      ],
      task: (task) => podTask(dag, task, operator, { secrets, pods }),
    };
  };
}

type Constants = ReadonlyMap<string, { readonly name: string; readonly constant: Fragment }>;

/** By step: the settings of those pods that are not like the others. */
function ownPods(
  dag: DagDefinition,
  launcher: Kubernetes,
  identifier: (wanted: string) => string,
): Constants {
  const pods = new Map<string, { name: string; constant: Fragment }>();
  for (const { step, image, resources, serviceAccount, secrets } of dag.tasks) {
    const credentials = connectionEnvironment(secrets);
    const own = [image, resources, serviceAccount].some((one) => one !== undefined);
    if (!own && credentials.length === 0) continue;
    const constant = identifier(`${step}_pod`);
    const settings = tall(
      dictionary([
        ['**', name('POD')],
        ...(image === undefined ? [] : ([['image', literal(untemplated(image))]] as const)),
        ...(serviceAccount === undefined
          ? []
          : [
              ['service_account_name', literal(serviceAccount)] as const,
              ...ownLabels(launcher, serviceAccount),
            ]),
        ...(resources === undefined ? [] : resourceSettings(resources)),
        ...credentials,
      ]),
    );
    pods.set(step, { name: constant, constant: assign(constant, settings) });
  }
  return pods;
}

/** Of a step whose account has a mark that the launcher's has not, or the other way round. */
function ownLabels(launcher: Kubernetes, account: string): Keywords {
  const marked = isMarked(launcher, account);
  return marked === isMarked(launcher, launcher.service_account) ? [] : [identityLabels(marked)];
}

/** By environment variable. */
function secretConstants(dag: DagDefinition, identifier: (wanted: string) => string): Constants {
  const secrets = new Map<string, { name: string; constant: Fragment }>();
  for (const { variable, kubernetes, connection } of dag.tasks.flatMap((task) => task.secrets)) {
    if (secrets.has(variable) || connection !== undefined) continue;
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
  constants: { readonly secrets: Constants; readonly pods: Constants },
): Expression {
  const names = task.secrets.flatMap(({ variable }) => {
    const secret = constants.secrets.get(variable);
    return secret === undefined ? [] : [name(secret.name)];
  });
  const running = Math.ceil(task.timeoutSeconds) + MARGIN_SECONDS;
  return stepTask(
    operator,
    task,
    { keyword: 'arguments', value: (words) => list(words.map(literal)) },
    (command) => [
      ['task_id', literal(task.step)],
      ['name', literal(podName(dag.dagId, task.step))],
      ...command,
      ['annotations', call(name('annotations'), [literal(task.definition)])],
      ...(names.length === 0 ? [] : ([['secrets', list(names)]] as const)),
      ...taskArguments(task),
      // Airflow's clock includes the wait for the pod; the deadline is the cluster's own stop.
      ['execution_timeout', timedelta(2 * STARTUP_SECONDS + running)],
      ['active_deadline_seconds', literal(STARTUP_SECONDS + running)],
      ['**', name(constants.pods.get(task.step)?.name ?? 'POD')],
    ],
  );
}

function podName(dagId: string, step: string): string {
  return `${podSlug(dagId, step)}-${step}`;
}

/** What is left of a pipeline's name in that of its pods. */
export function podSlug(dagId: string, step: string): string {
  const room = POD_NAME_LENGTH - step.length - 1;
  return dagId.replaceAll('_', '-').slice(0, room).replace(/-+$/, '');
}
