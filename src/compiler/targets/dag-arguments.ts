import type { DagDefinition } from '../dag.ts';
import {
  call,
  dictionary,
  type Expression,
  imported,
  type Keywords,
  list,
  literal,
  NONE,
  name,
  tall,
} from '../python/expression.ts';
import type { LoweredAlerts } from './alerts/alerts.ts';
import { timedelta } from './duration.ts';
import type { Target } from './target.ts';

/** `DAG(…)` with everything said whose default is not the same in every Airflow. */
export function dagArguments(
  dag: DagDefinition,
  target: Target,
  upstreams: readonly Expression[],
  told: Pick<LoweredAlerts, 'run' | 'everyTask'>,
): Expression {
  const dagCall = call(
    target.dag,
    [],
    [
      ['dag_id', literal(dag.dagId)],
      ['description', literal(dag.description)],
      ['doc_md', name('__doc__')],
      ['tags', list(dag.tags.map(literal))],
      ['schedule', target.schedule(dag.schedule, upstreams)],
      ['start_date', moment(target.startDate(dag), dag.timezone)],
      ['catchup', literal(dag.catchup)],
      ['max_active_runs', literal(dag.maxActiveRuns)],
      ['dagrun_timeout', timedelta(dag.runTimeoutSeconds)],
      ...told.run,
      ['params', dictionary([['partition', partitionParam(dag, target)]])],
      [
        'default_args',
        tall(
          dictionary([
            ['owner', literal(dag.owner)],
            ['retries', literal(dag.retries)],
            ['retry_delay', timedelta(dag.retryDelaySeconds)],
            ...backoff(dag, target),
            ...told.everyTask,
          ]),
        ),
      ],
    ],
  );
  return tall(dagCall);
}

function backoff({ maxRetryDelaySeconds }: DagDefinition, target: Target): Keywords {
  if (maxRetryDelaySeconds === undefined) return [];
  return [
    ['retry_exponential_backoff', target.doubling],
    ['max_retry_delay', timedelta(maxRetryDelaySeconds)],
  ];
}

const EMPTY_MEANS = {
  cron: 'Empty: the day that the run is for.',
  after: 'Empty only when another pipeline starts the run.',
  asset: 'Empty: the last day that is over.',
  manual: 'Needed.',
} as const;

function partitionParam(dag: DagDefinition, target: Target): Expression {
  return call(
    target.param,
    [],
    [
      ['default', NONE],
      ['type', list([literal('null'), literal('string')])],
      ['format', literal('date')],
      ['title', literal('Partition')],
      ['description', literal(`The day to work on. ${EMPTY_MEANS[dag.schedule.kind]}`)],
    ],
  );
}

/** Local time in a zone. Airflow takes the DAG's zone from it, so it is never a fixed offset but for UTC. */
function moment(local: string, timezone: string): Expression {
  const zone =
    timezone === 'UTC'
      ? imported('datetime', 'timezone.utc')
      : call(imported('zoneinfo', 'ZoneInfo'), [literal(timezone)]);
  const parts = local.split(/[-T:]/).map((part) => literal(Number(part)));
  return call(imported('datetime', 'datetime'), parts, [['tzinfo', zone]]);
}
