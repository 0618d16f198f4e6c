/** What a difference is about: it decides what follows from it. */
export type Subject =
  /** Which days a partition holds, or what the API is asked for them. */
  | 'partitions'
  /** How rows are made of what the API answers. */
  | 'rows'
  /** Where rows and files go. */
  | 'place'
  | 'steps'
  | 'checks'
  | 'dbt'
  /** When runs start and how steps behave, not what they produce. */
  | 'runs'
  | 'launcher'
  | 'airflow'
  /** What people read and nothing acts on. */
  | 'text'
  | 'other';

export interface Meaning {
  readonly subject: Subject;
  /**
   * Whether Airflow 3 always stores the value itself in a DAG version. Of the job it keeps the beginning: 4,096
   * characters of a task's environment. What it may not have is told by the definition's hash.
   */
  readonly serialized: boolean;
}

const MEANINGS: readonly (readonly [pattern: string, subject: Subject, serialized: boolean])[] = [
  ['description', 'text', true],
  ['tags', 'text', true],
  ['owner', 'text', true],
  ['spec_file', 'text', true],
  ['written_in', 'text', true],
  ['lineage', 'text', true],
  ['columns.*.description', 'text', false],
  ['airflow', 'airflow', true],
  ['schedule', 'partitions', true],
  ['partition.lookback', 'partitions', true],
  ['load.partition_column', 'partitions', false],
  ['variables', 'partitions', false],
  ['extract.path', 'partitions', false],
  ['extract.query', 'partitions', false],
  ['extract.method', 'partitions', false],
  ['extract.headers', 'partitions', false],
  ['extract.body', 'partitions', false],
  ['extract.for_each.parallel', 'runs', false],
  ['extract.for_each.paginate.page_size', 'runs', false],
  ['extract.for_each.paginate.max_pages', 'runs', false],
  ['extract.for_each', 'partitions', false],
  ['extract.missing', 'runs', false],
  ['extract.slices.parallel', 'runs', false],
  ['extract.slices.pods', 'runs', true],
  ['extract.slices.on_empty', 'runs', false],
  ['extract.slices', 'partitions', false],
  ['extract.source.base_url', 'partitions', false],
  ['extract.source.headers', 'partitions', false],
  ['extract.source.handler', 'rows', false],
  ['extract.source.options', 'rows', false],
  ['extract.source', 'runs', false],
  ['extract.max_requests', 'runs', false],
  ['extract.resume_within', 'runs', false],
  ['extract.paginate.page_size', 'runs', false],
  ['extract.paginate.max_pages', 'runs', false],
  ['extract', 'rows', false],
  ['columns', 'rows', false],
  ['key', 'rows', false],
  ['contract', 'rows', false],
  ['transform', 'rows', false],
  ['handlers', 'rows', false],
  ['load.table', 'place', false],
  ['load', 'rows', false],
  // How the bucket is reached, not which one it is.
  ['store.endpoint', 'runs', false],
  ['store', 'place', false],
  ['warehouse.endpoint', 'runs', false],
  ['warehouse.auth', 'runs', false],
  ['warehouse.compute', 'runs', false],
  ['warehouse.role', 'runs', false],
  ['warehouse.stage', 'runs', false],
  ['warehouse', 'place', false],
  ['checks', 'checks', false],
  ['dbt', 'dbt', false],
  // Airflow stores the template fields of an operator and not its other arguments.
  ['launcher.kind', 'launcher', true],
  ['launcher.command', 'launcher', true],
  ['launcher.image', 'launcher', true],
  ['launcher.namespace', 'launcher', true],
  ['launcher.resources', 'launcher', true],
  ['launcher.node_selector', 'launcher', true],
  ['launcher.workload_identity', 'launcher', true],
  ['launcher.annotations', 'launcher', true],
  ['launcher.env', 'launcher', true],
  ['launcher', 'launcher', false],
  ['steps.*.secrets', 'launcher', false],
  ['steps.*.image', 'launcher', true],
  ['steps.*.service_account', 'launcher', false],
  ['steps.*.resources', 'launcher', true],
  ['steps.*.*', 'runs', true],
  ['steps', 'steps', true],
  ['partitions', 'runs', true],
  ['start_date', 'runs', true],
  ['catchup', 'runs', true],
  ['max_active_runs', 'runs', true],
  ['run_timeout', 'runs', true],
  ['retries', 'runs', true],
  ['retry_delay', 'runs', true],
  ['retry_backoff', 'runs', true],
  ['alerts.on_deadline', 'runs', true],
  // Stored is only whether there are callbacks.
  ['alerts', 'runs', false],
];

/** Which steps there are follows from these parts of a pipeline. */
const PARTS: ReadonlySet<string> = new Set(['extract', 'load', 'dbt']);

/** @param path in the words of the spec, `extract.query.flight_date` */
export function meaningOf(path: readonly string[]): Meaning {
  if (path.length === 1 && PARTS.has(path[0] ?? '')) return { subject: 'steps', serialized: false };
  const found = MEANINGS.find(([pattern]) => matches(pattern.split('.'), path));
  return found === undefined
    ? { subject: 'other', serialized: false }
    : { subject: found[1], serialized: found[2] };
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.every(
    (segment, index) => index < path.length && (segment === '*' || segment === path[index]),
  );
}
