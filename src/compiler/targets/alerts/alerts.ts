import { type AlertEvent, EVENTS } from '../../../spec/alerts.ts';
import type { DagDefinition } from '../../dag.ts';
import { type Keywords, list, name, tall } from '../../python/expression.ts';
import type { Fragment } from '../../python/python.ts';
import { assign } from '../../python/statement.ts';
import { type ClassNames, notifier } from './notifiers.ts';

/** What alerts add to a file. */
export interface LoweredAlerts {
  /** `ON_FAILURE = […]`, one for each event that alerts. */
  readonly constants: readonly Fragment[];
  /**
   * For every task: Airflow calls them where the task ran, as soon as it has failed. Those of a DAG would be called
   * at the end of its run. Tasks that only follow a failed one have no callback, so each failure alerts once.
   */
  readonly everyTask: Keywords;
  /** For the task that publishes: when it succeeds, all have. A run with nothing to do has nothing to tell. */
  readonly lastTask: Keywords;
}

/** Notifiers of the providers that Airflow has; a file without alerts is not changed. */
export function alerts(dag: DagDefinition, identifier: (wanted: string) => string): LoweredAlerts {
  const names = classNames();
  const constants: Fragment[] = [];
  const callbacks = (event: AlertEvent): Keywords => {
    const chosen = dag.alerts?.[event] ?? [];
    if (chosen.length === 0) return [];
    const constant = identifier(event);
    const notifiers = chosen.map((one) => notifier(one, event, dag, names));
    constants.push(assign(constant, tall(list(notifiers)), [COMMENTS[event]]));
    return [[`${event}_callback`, name(constant)]];
  };
  const [on_failure, on_retry, on_success] = EVENTS.map(callbacks);
  return {
    constants,
    everyTask: [...(on_failure ?? []), ...(on_retry ?? [])],
    lastTask: on_success ?? [],
  };
}

const COMMENTS: Readonly<Record<AlertEvent, string>> = {
  on_failure: 'Whom Airflow tells when a task has failed for good.',
  on_retry: 'Whom Airflow tells when a try has failed and another will follow.',
  on_success: 'Whom Airflow tells when the run has published its partitions.',
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
