import { type AlertEvent, alertsOf, EVENTS, type TaskEvent } from '../../../spec/alerts.ts';
import { milliseconds } from '../../../spec/quantities.ts';
import type { DagDefinition } from '../../dag.ts';
import { atom, type Expression, type Keywords, list, name, tall } from '../../python/expression.ts';
import { type Fragment, python } from '../../python/python.ts';
import { assign } from '../../python/statement.ts';
import type { Target } from '../target.ts';
import { tellOfTask } from './callbacks.ts';
import { type ClassNames, notifier, notifierObject } from './notifiers.ts';

/** What alerts add to a file. */
export interface LoweredAlerts {
  /** The function that tells of a run. */
  readonly definitions: readonly Fragment[];
  /** `ON_FAILURE = […]`, one for each event that alerts. */
  readonly constants: readonly Fragment[];
  /** For the DAG: a run may end without a failed task, or not end in time. */
  readonly run: Keywords;
  /**
   * For every task: Airflow calls them where the task ran, as soon as it has failed. Those of a DAG are called at the
   * end of its run. Tasks that only follow a failed one have no callback, so each failure alerts once.
   */
  readonly everyTask: Keywords;
  /** For the task that publishes: when it succeeds, all have. A run with nothing to do has nothing to tell. */
  readonly lastTask: Keywords;
}

/** Notifiers of the providers that Airflow has; a file without alerts is not changed. */
export function alerts(
  dag: DagDefinition,
  target: Target,
  identifier: (wanted: string) => string,
): LoweredAlerts {
  const names = classNames();
  const constants: Fragment[] = [];
  const constantOf = (event: AlertEvent, values: readonly Expression[]): string | undefined => {
    if (values.length === 0) return undefined;
    const constant = identifier(event);
    constants.push(assign(constant, tall(list(values)), [COMMENTS[event]]));
    return constant;
  };
  const notifiers = (event: AlertEvent) =>
    dag.alerts === undefined
      ? []
      : alertsOf(dag.alerts, event).map((one) => notifier(one, event, dag, names));
  const [failure, retry, success] = EVENTS.map((event) =>
    constantOf(event, notifiers(event).map(notifierObject)),
  );
  const seconds = milliseconds(dag.alerts?.on_deadline?.after ?? '1d') / 1000;
  const late = notifiers('on_deadline').flatMap(
    ({ type, entries }) => target.deadline?.(seconds, type, entries) ?? [],
  );
  const deadlines = constantOf('on_deadline', late);
  return {
    definitions: [
      ...(failure === undefined && retry === undefined ? [] : [tellOfTask]),
      ...(failure === undefined ? [] : [target.tellOfRun]),
    ],
    constants,
    run: [
      ...(failure === undefined ? [] : [callbacks('on_failure', 'tell_of_run', failure)]),
      ...(deadlines === undefined ? [] : ([['deadline', name(deadlines)]] as const)),
    ],
    everyTask: [
      ...(failure === undefined ? [] : [callbacks('on_failure', 'tell_of_task', failure)]),
      ...(retry === undefined ? [] : [callbacks('on_retry', 'tell_of_task', retry)]),
    ],
    lastTask: success === undefined ? [] : [['on_success_callback', name(success)]],
  };
}

/** One callback each: one that can't be told keeps none of the others from it. */
function callbacks(event: TaskEvent, tell: string, constant: string): Keywords[number] {
  const partial = [{ module: 'functools', name: 'partial' }];
  return [`${event}_callback`, atom(python(`[partial(${tell}, one) for one in ${constant}]`), partial)];
}

const COMMENTS: Readonly<Record<AlertEvent, string>> = {
  on_failure: 'Whom Airflow tells when a task has failed for good, or a run took too long.',
  on_retry: 'Whom Airflow tells when a try has failed and another will follow.',
  on_success: 'Whom Airflow tells when the run has published its partitions.',
  on_deadline: 'Whom Airflow tells when the run has not succeeded in time.',
};

/** Two classes of one name, and those whose name could be another's in the file, get a name of their own. */
function classNames(): ClassNames {
  const taken = new Map<string, string>();
  return (module, className) => {
    const own = className.endsWith('Notifier') ? className : `${className}Notifier`;
    let free = own;
    for (let count = 2; (taken.get(free) ?? `${module}.${className}`) !== `${module}.${className}`; count++) {
      free = `${own}${count}`;
    }
    taken.set(free, `${module}.${className}`);
    return free === className ? undefined : free;
  };
}
