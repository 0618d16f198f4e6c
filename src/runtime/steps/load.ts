import { randomUUID } from 'node:crypto';
import { EXIT } from '../../spec/exit-codes.ts';
import type { Load } from '../../spec/load.ts';
import { writtenColumns } from '../../spec/mask.ts';
import { openWarehouse } from '../adapters/warehouses.ts';
import type { Outcome, StepContext, StepFunction, StepReport, Work } from '../context.ts';
import { configuration, StepError } from '../errors.ts';
import type { LoadMode, LoadRecord, Relation, Warehouse, WarehouseColumn } from '../ports/warehouse.ts';
import type { CheckDetails, CheckResult, LoadDetails, Receipt, UploadDetails } from '../receipt.ts';
import { planChecks } from './check/plan.ts';
import { refuseFailed, runChecks } from './check/run-checks.ts';
import { mustLoad } from './load/decide.ts';
import { deciding, loadedRows, loadMode } from './load/mode.ts';

/**
 * Brings the published files into the table by the mode of the load: staged, checked at the gate, put in by one
 * transaction. Details of its receipt: `LoadDetails`.
 */
export const load: StepFunction = async (context, work, report) => {
  const { job } = context;
  if (job.load === undefined || job.columns === undefined) {
    throw configuration(`the pipeline ${job.pipeline} has no load or no columns: build its DAG again`);
  }
  const declared = writtenColumns(job.columns);
  const mode = loadMode(job, job.load);
  const plans = work.map((one) => planLoad(context, one, job.load as Load, mode, declared));
  const newest =
    plans
      .map(({ record }) => record.partition)
      .sort()
      .at(-1) ?? '';
  await using warehouse = await openWarehouse(context);
  await warehouse.prepare(job.load.table, allColumns(declared, plans));
  for (const plan of plans) {
    if (mode.kind === 'replace' && plan.record.partition !== newest) {
      await report.finish(plan.record.partition, superseded(plan, warehouse.nameOf(job.load.table), newest));
      continue;
    }
    await report.finish(plan.record.partition, await loadPartition(context, warehouse, plan, report));
  }
};

interface LoadPlan {
  readonly record: LoadRecord;
  readonly uploaded: UploadDetails;
  readonly receipt: Receipt;
  readonly columns: readonly WarehouseColumn[];
  readonly mode: LoadMode;
}

function planLoad(
  context: StepContext,
  { partition, previous }: Work,
  { table }: Load,
  mode: LoadMode,
  columns: readonly WarehouseColumn[],
): LoadPlan {
  if (previous?.step !== 'upload' || previous.details === undefined) {
    throw configuration(`load of ${partition} found no receipt of upload: run upload first`);
  }
  const uploaded = previous.details as UploadDetails;
  const record: LoadRecord = {
    loadId: randomUUID(),
    pipeline: context.job.pipeline,
    table,
    partition,
    runId: context.identity.runId,
    job: context.jobHash,
    extractedAt: uploaded.extracted_at,
    rows: previous.rows.published,
    files: uploaded.files.map((file) => file.sha256),
  };
  // A file without rows has no columns; those of new fields are known to the receipt alone.
  return { record, uploaded, receipt: previous, columns: uploaded.columns ?? columns, mode };
}

/** The declared columns, and those that any of the partitions brings for new fields. */
function allColumns(declared: readonly WarehouseColumn[], plans: readonly LoadPlan[]): WarehouseColumn[] {
  const all = [...declared, ...plans.flatMap(({ columns }) => columns)];
  return [...new Map(all.map((column) => [column.name, column])).values()];
}

async function loadPartition(
  context: StepContext,
  warehouse: Warehouse,
  plan: LoadPlan,
  report: StepReport,
): Promise<Outcome> {
  const { record, columns, mode } = plan;
  const { table, partition } = record;
  const { force } = context;
  const name = warehouse.nameOf(table);
  const exact = loadedRows(mode, record);

  const committed = await warehouse.loads(...deciding(mode, record));
  const loaded = !mustLoad(record, committed, { mode: mode.kind, force, damaged: false });
  const damaged = loaded && exact !== undefined && (await rowsOf(warehouse, exact)) !== record.rows;
  if (loaded && !damaged) {
    // Rows that lie among others can't be looked at apart from them: a merge is judged by its files.
    if (exact === undefined) await stage(context, warehouse, plan);
    const checks = await gate(context, warehouse, exact ?? 'staging', plan, report);
    return unchanged(plan, name, committed, checks);
  }
  if (damaged) {
    context.log.warn(
      { event: 'partition_damaged', partition },
      `${name} has not the rows of ${partition} that were loaded: they are loaded again`,
    );
  }
  await stage(context, warehouse, plan);
  const checks = await gate(context, warehouse, 'staging', plan, report);
  const published = await warehouse.publish(record, columns, mode, (seen) =>
    mustLoad(record, seen, { mode: mode.kind, force, damaged }),
  );
  const after = await warehouse.loads(...deciding(mode, record));
  if (!published) return unchanged(plan, name, after, checks);
  await verify(warehouse, plan, after);
  const message = `${mode.kind === 'merge' ? 'merged' : 'loaded'} ${record.rows} rows of ${partition} into ${name}`;
  return outcome(plan, message, { load_id: record.loadId, table: name, changed: true, checks });
}

/** That what was published is there for others to read, unless a later load has put its own in its place already. */
async function verify(
  warehouse: Warehouse,
  { record, mode }: LoadPlan,
  committed: readonly LoadRecord[],
): Promise<void> {
  const name = warehouse.nameOf(record.table);
  if (!committed.some(({ loadId }) => loadId === record.loadId)) {
    throw new StepError(
      EXIT.defect,
      `${name}: COMMIT succeeded and there is no record of the load ${record.loadId}: load it again`,
    );
  }
  const exact = loadedRows(mode, record);
  if (exact === undefined || committed.at(-1)?.loadId !== record.loadId) return;
  const rows = await rowsOf(warehouse, exact);
  if (rows === record.rows) return;
  const [newest] = (await warehouse.loads(...deciding(mode, record))).slice(-1);
  if (newest?.loadId !== record.loadId) return;
  throw new StepError(
    EXIT.defect,
    `${name} has ${rows} rows of ${record.partition} after the load and ${record.rows} were published: load it again with --force`,
  );
}

async function rowsOf(warehouse: Warehouse, relation: Relation): Promise<number> {
  const [rows] = await warehouse.measure(relation, [{ kind: 'rows' }]);
  return Number(rows);
}

async function stage(context: StepContext, warehouse: Warehouse, plan: LoadPlan): Promise<void> {
  const { files } = plan.uploaded;
  const counts = await warehouse.stage(context.store, files, plan.columns);
  files.forEach((file, index) => {
    if (counts[index] === file.rows) return;
    throw new StepError(
      EXIT.defect,
      `${counts[index]} rows of ${file.name} were staged and its receipt says ${file.rows}: run upload again`,
    );
  });
}

async function gate(
  context: StepContext,
  warehouse: Warehouse,
  relation: Relation,
  { record, columns, receipt, uploaded }: LoadPlan,
  report: StepReport,
): Promise<CheckResult[]> {
  const { partition } = record;
  const subject = { partition, columns, rows: receipt.rows, total: uploaded.total };
  const planned = planChecks(context.job, 'gate', subject);
  const results = await runChecks(context, warehouse, relation, planned, { ...record, when: 'gate' });
  report.keep(partition, { checks: results } satisfies CheckDetails);
  refuseFailed(results, partition, `${warehouse.nameOf(record.table)} was not changed`);
  return results;
}

/** The table holds one partition, and the same run brings a newer one. */
function superseded({ record }: LoadPlan, table: string, newest: string): Outcome {
  return {
    status: 'skipped',
    message: `${table} is replaced whole, and this run has ${newest}: ${record.partition} was not loaded`,
  };
}

function unchanged(
  plan: LoadPlan,
  table: string,
  committed: readonly LoadRecord[],
  checks: CheckResult[],
): Outcome {
  const { partition, rows, loadId } = plan.record;
  const newest = committed.at(-1)?.loadId ?? loadId;
  const message = `${table} holds these ${rows} rows of ${partition} already (load ${newest}): nothing was changed`;
  return outcome(plan, message, { load_id: newest, table, changed: false, checks });
}

function outcome(
  { receipt, record, uploaded }: LoadPlan,
  message: string,
  details: Omit<LoadDetails, 'extracted_at' | 'total'>,
): Outcome {
  const { extracted_at, total } = uploaded;
  return {
    status: 'done',
    message,
    rows: { ...receipt.rows, loaded: record.rows },
    details: { extracted_at, total, ...details } satisfies LoadDetails,
  };
}
