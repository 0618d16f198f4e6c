import type { DagDefinition } from '../dag.ts';
import { atom, call, layout, list, literal, name } from '../python/expression.ts';
import { block, docstring } from '../python/literal.ts';
import { type Fragment, python } from '../python/python.ts';
import { assign, assignInside, importBlock } from '../python/statement.ts';
import type { DagFile } from '../templates/dag-file.ts';
import { alerts } from './alerts/alerts.ts';
import { dagArguments } from './dag-arguments.ts';
import { dbtCloudTask } from './dbt-cloud.ts';
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
  // Where dbt Cloud runs all there is, nothing of the launcher is used.
  const launches = dag.tasks.some(({ dbtCloud }) => dbtCloud === undefined);
  const { definitions: launched, constants: common } = launches ? steps : { definitions: [], constants: [] };
  const tasks = dag.tasks.map((task) => assignInside(task.step, dbtCloudTask(dag, task) ?? steps.task(task)));

  const told = alerts(dag, target, identifier);
  const dagCall = dagArguments(
    dag,
    target,
    upstreams.map((asset) => name(constantOf(asset.uri))),
    told,
  );
  const published = constantOf(dag.publishes.uri);
  const decorator = call(
    target.task,
    [],
    [
      ['outlets', list([name(published)])],
      ['execution_timeout', timedelta(PUBLISH_SECONDS)],
      ...told.lastTask,
    ],
  );

  const { template, comment } = target.partitions(dag);
  const partitions = template.includes('\n') ? atom(block(template)) : literal(template);
  const definitions = [...launched, ...told.definitions];
  const settings = [...common, ...told.constants];
  const fragments: Fragment[] = [...assetLines, ...definitions, ...settings, ...tasks];
  return {
    documentation: docstring(documentation(dag)),
    imports: importBlock(
      [...fragments, dagCall, decorator].flatMap((one) => one.imports),
      STANDARD_LIBRARY,
    ),
    assets: assetLines.map((one) => one.source),
    partitions: assign('PARTITIONS', partitions, comment).source,
    job: launches ? [block(dag.jobText)] : [],
    definitions: definitions.map((one) => one.source),
    constants: settings.map((one) => one.source),
    dag: layout(dagCall, 0, 'with '.length, 1),
    tasks: tasks.map((one) => one.source),
    decorator: python(`@${layout(decorator, 4, 5)}`),
    publish: [python(`event = outlet_events[${published}]`), ...target.publish],
    order: python([...dag.tasks.map((task) => task.step), 'publish(PARTITIONS)'].join(' >> ')),
  };
}
