import type { DagDefinition } from '../dag.ts';
import {
  call,
  dictionary,
  type Expression,
  imported,
  layout,
  list,
  literal,
  NONE,
  name,
  tall,
} from '../python/expression.ts';
import { block, docstring } from '../python/literal.ts';
import { type Fragment, python } from '../python/python.ts';
import { assign, assignInside, importBlock } from '../python/statement.ts';
import type { DagFile } from '../templates/dag-file.ts';
import { documentation } from './documentation.ts';
import { timedelta } from './duration.ts';
import { identifiers } from './identifiers.ts';
import { kubernetesLauncher } from './launchers/kubernetes.ts';
import { processLauncher } from './launchers/process.ts';
import type { Target } from './target.ts';

const STANDARD_LIBRARY: ReadonlySet<string> = new Set(['datetime', 'functools', 'zoneinfo']);

/** Publishing is one request to Airflow itself. */
const PUBLISH_SECONDS = 300;

/** Everything that the file of a DAG holds, printed for one Airflow. */
export function dagModule(dag: DagDefinition, target: Target): DagFile {
  const identifier = identifiers();
  const upstreams = dag.schedule.kind === 'after' ? dag.schedule.assets : [];
  const assets = new Map([...upstreams, dag.publishes].map((asset) => [asset.uri, asset]));
  const constants = new Map([...assets].map(([uri, asset]) => [uri, identifier(asset.name)]));
  const constantOf = (uri: string) => constants.get(uri) ?? '';
  const assetLines = [...assets.values()].map((asset) => assign(constantOf(asset.uri), target.asset(asset)));

  const { launcher } = dag;
  const lowering = launcher.kind === 'process' ? processLauncher(launcher) : kubernetesLauncher(launcher);
  const steps = lowering(dag, target.operators[launcher.kind], identifier);
  const tasks = dag.tasks.map((task) => assignInside(task.step, steps.task(task)));

  const upstreamNames = upstreams.map((asset) => name(constantOf(asset.uri)));
  const dagCall = tall(dagArguments(dag, target, upstreamNames));
  const published = constantOf(dag.publishes.uri);
  const decorator = call(
    target.task,
    [],
    [
      ['outlets', list([name(published)])],
      ['execution_timeout', timedelta(PUBLISH_SECONDS)],
    ],
  );

  const partitions = target.partitions(dag);
  const fragments: Fragment[] = [...assetLines, ...steps.definitions, ...steps.constants, ...tasks];
  const expressions = [dagCall, decorator];
  return {
    documentation: docstring(documentation(dag)),
    imports: importBlock(
      [...fragments, ...expressions].flatMap((one) => one.imports),
      STANDARD_LIBRARY,
    ),
    assets: assetLines.map((one) => one.source),
    partitions: python(
      `${partitions.comment.map((line) => `# ${line}\n`).join('')}PARTITIONS = ${block(partitions.template)}`,
    ),
    job: block(dag.jobText),
    definitions: steps.definitions.map((one) => one.source),
    constants: steps.constants.map((one) => one.source),
    dag: layout(dagCall, 0, 'with '.length, 1),
    tasks: tasks.map((one) => one.source),
    decorator: python(`@${layout(decorator, 4, 5)}`),
    publish: [python(`event = outlet_events[${published}]`), ...target.publish],
    order: python([...dag.tasks.map((task) => task.step), 'publish(PARTITIONS)'].join(' >> ')),
  };
}

function dagArguments(dag: DagDefinition, target: Target, upstreams: readonly Expression[]): Expression {
  return call(
    target.dag,
    [],
    [
      ['dag_id', literal(dag.dagId)],
      ['description', literal(dag.description)],
      ['doc_md', name('__doc__')],
      ['tags', list(dag.tags.map(literal))],
      ['schedule', target.schedule(dag.schedule, upstreams)],
      ['start_date', midnight(dag.startDate, dag.timezone)],
      ['catchup', literal(dag.catchup)],
      ['max_active_runs', literal(dag.maxActiveRuns)],
      ['dagrun_timeout', timedelta(dag.runTimeoutSeconds)],
      ['params', dictionary([['partition', partitionParam(dag, target)]])],
      [
        'default_args',
        tall(
          dictionary([
            ['owner', literal(dag.owner)],
            ['retries', literal(dag.retries)],
            ['retry_delay', timedelta(dag.retryDelaySeconds)],
          ]),
        ),
      ],
    ],
  );
}

const EMPTY_MEANS = {
  cron: 'Empty: the day that the run is for.',
  after: 'Empty only when another pipeline starts the run.',
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

/** `2026-01-01` in a time zone. Airflow takes the DAG's zone from it, so it is never a fixed offset but for UTC. */
function midnight(date: string, timezone: string): Expression {
  const zone =
    timezone === 'UTC'
      ? imported('datetime', 'timezone.utc')
      : call(imported('zoneinfo', 'ZoneInfo'), [literal(timezone)]);
  const parts = date.split('-').map((part) => literal(Number(part)));
  return call(imported('datetime', 'datetime'), parts, [['tzinfo', zone]]);
}
