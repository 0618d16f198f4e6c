import type { DagDefinition } from '../../dag.ts';
import {
  call,
  chain,
  type Expression,
  imported,
  list,
  literal,
  NONE,
  name,
} from '../../python/expression.ts';
import { python } from '../../python/python.ts';
import { BY_HAND, lastClosedDay, lookbackComment, partitionList } from '../partition-list.ts';
import type { PartitionsTemplate, Target } from '../target.ts';
import { deadline } from './deadline.ts';
import { firstRun } from './first-run.ts';
import { stopPod, stopProcess } from './stop-on-permanent-failure.ts';
import { tellOfRun } from './tell-of-run.ts';

const SDK = 'airflow.sdk';
const STOP = [['retry_policy', call(name('StopOnPermanentFailure'), [])]] as const;

/** Partitions are Airflow's own: runs have a key, assets carry it, backfills and clears go by it. */
export const airflow33: Target = {
  version: '3.3',
  dag: imported(SDK, 'DAG'),
  param: imported(SDK, 'Param'),
  task: imported(SDK, 'task'),
  doubling: literal(2),
  asset: (asset) =>
    call(
      imported(SDK, 'Asset'),
      [],
      [
        ['name', literal(asset.name)],
        ['uri', literal(asset.uri)],
      ],
    ),
  schedule: (schedule, assets) => {
    if (schedule.kind === 'manual') return NONE;
    if (schedule.kind === 'asset') {
      return list([foreignAsset(schedule.uri)]);
    }
    if (schedule.kind === 'after') {
      const upstreams = chain(schedule.mode === 'all' ? '&' : '|', assets, false);
      return call(imported(SDK, 'PartitionedAssetTimetable'), [], [['assets', upstreams]]);
    }
    return call(
      imported(SDK, 'CronPartitionTimetable'),
      [literal(schedule.cron)],
      [
        ['timezone', literal(schedule.timezone)],
        ['run_offset', literal(-1)],
        ['key_format', literal('%Y-%m-%d')],
      ],
    );
  },
  startDate: ({ schedule, startDate }) =>
    schedule.kind === 'cron' ? firstRun(schedule.cron, startDate).startDate : startDate,
  partitions,
  publish: [python('event.add_partitions(partitions.split(","))')],
  tellOfRun,
  deadline,
  operators: {
    kubernetes: {
      operator: imported('airflow.providers.cncf.kubernetes.operators.pod', 'KubernetesPodOperator'),
      definitions: [stopPod],
      settings: STOP,
    },
    process: {
      operator: imported('airflow.providers.standard.operators.bash', 'BashOperator'),
      definitions: [stopProcess],
      settings: STOP,
    },
  },
};

/** By reference: whoever publishes it also names it, and two names for one URI are a conflict. */
export function foreignAsset(uri: string): Expression {
  return call(imported(SDK, 'Asset.ref'), [], [['uri', literal(uri)]]);
}

function partitions(dag: DagDefinition): PartitionsTemplate {
  if (dag.schedule.kind === 'manual') return BY_HAND;
  if (dag.schedule.kind === 'asset') {
    return lastClosedDay('dag_run.run_after');
  }
  if (dag.schedule.kind === 'after') {
    return {
      comment: [
        'The day a run works on: the one asked for in the trigger form, else the partition that the pipelines',
        'before this one have published. The step refuses to run without either.',
      ],
      template: "{{ params.partition or partition_key or '' }}",
    };
  }
  const first = firstRun(dag.schedule.cron, dag.startDate).partition;
  const day = `params.partition or partition_key
    or (dag_run.run_after - macros.timedelta(days=1)).astimezone(dag.timezone) | ds`;
  return {
    comment: [
      "The day a run works on: the one asked for in the trigger form, else the run's partition.",
      'A run started by hand without either takes the last day that is over.',
      `The first partition is ${first}; its run starts a tick of the schedule later, and \`start_date\` counts starts.`,
      ...lookbackComment(dag.lookback),
    ],
    template: partitionList(day, dag.lookback),
  };
}
