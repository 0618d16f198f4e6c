import type { Resources } from '../../spec/resources.ts';
import { podsOf } from '../../spec/slices.ts';
import { stepsOf } from '../job.ts';
import { distinct } from '../requirements/shell.ts';
import type { ResolvedEnvironment, ResolvedPipeline } from '../resolved.ts';
import { type ManifestFile, object } from './manifest.ts';
import { printBytes, printCores, thousandths } from './quantity.ts';

/** Runs of a backfill at a time where nobody says otherwise; beside the scheduled ones in Airflow 3. */
const BACKFILL_RUNS = 10;

/** What pods hold at one time; resources in thousandths. */
type Held = Readonly<Record<'pods' | keyof Resources, number>>;

const NOTHING: Held = { pods: 0, cpu: 0, memory: 0, ephemeral_storage: 0 };

/**
 * A bound that the DAGs stay below, against runs that nobody meant: for each pipeline its runs at a time, times what the
 * largest of its steps takes, since the steps of a run come one after another; a step in several pods takes all of them.
 * @param neighbours all environments of the spec in this namespace: a quota holds for all pods, whosever they are
 */
export function resourceQuotaFile(
  neighbours: readonly ResolvedEnvironment[],
  namespace: string,
): ManifestFile[] {
  const pipelines = neighbours.flatMap((environment) =>
    environment.pipelines.map((pipeline) => pipelineHolds(environment, pipeline)),
  );
  const all = pipelines.reduce((sum, one) => combine(sum, one, (a, b) => a + b), NOTHING);
  if (all.pods === 0) return [];
  const memory = printBytes(all.memory);
  const storage = printBytes(all.ephemeral_storage);
  const hard = {
    pods: String(all.pods),
    'requests.cpu': printCores(all.cpu),
    'requests.memory': memory,
    'limits.memory': memory,
    'requests.ephemeral-storage': storage,
    'limits.ephemeral-storage': storage,
  };
  return [
    {
      name: 'resource-quota',
      makes: 'the most that all pods together may take',
      notes: [
        `Of ${distinct(neighbours.map(({ name }) => name)).join(', ')}: for each pipeline what its largest step takes, times its runs at a`,
        `time: max_active_runs, and in Airflow 3 the ${BACKFILL_RUNS} of a backfill besides. A pod beyond is refused, its task tried again.`,
        'Leave this file out where the cluster has a quota of its own for the namespace.',
      ],
      objects: [object(['v1', 'ResourceQuota'], { name: 'pipegen', namespace }, { spec: { hard } })],
    },
  ];
}

function pipelineHolds({ settings }: ResolvedEnvironment, pipeline: ResolvedPipeline): Held {
  const { launcher, airflow } = settings;
  if (launcher.kind !== 'kubernetes') return NOTHING;
  const { steps, extract, dbt, max_active_runs } = pipeline.settings;
  const podSteps = stepsOf(pipeline).filter((step) => step !== 'dbt' || dbt?.runner !== 'dbt_cloud');
  const largest = podSteps
    .map((step) => {
      const one = podHolds({ ...launcher.resources, ...defined(steps[step]?.resources ?? {}) });
      return times(one, step === 'extract' ? podsOf(extract?.slices) : 1);
    })
    .reduce((most, one) => combine(most, one, Math.max), NOTHING);
  const runs = max_active_runs + (airflow === '2.11' ? 0 : BACKFILL_RUNS);
  return times(largest, runs);
}

function times(held: Held, count: number): Held {
  return combine(held, NOTHING, (one) => one * count);
}

function podHolds({ cpu, memory, ephemeral_storage }: Resources): Held {
  return {
    pods: 1,
    cpu: thousandths(cpu),
    memory: thousandths(memory),
    ephemeral_storage: thousandths(ephemeral_storage),
  };
}

function combine(a: Held, b: Held, how: (a: number, b: number) => number): Held {
  return {
    pods: how(a.pods, b.pods),
    cpu: how(a.cpu, b.cpu),
    memory: how(a.memory, b.memory),
    ephemeral_storage: how(a.ephemeral_storage, b.ephemeral_storage),
  };
}

function defined<Value extends object>(value: Value): { [Key in keyof Value]-?: NonNullable<Value[Key]> } {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Value]-?: NonNullable<Value[Key]> };
}
