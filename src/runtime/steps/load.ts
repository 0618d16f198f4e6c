import { randomUUID } from 'node:crypto';
import { EXIT } from '../../spec/exit-codes.ts';
import type { Load } from '../../spec/load.ts';
import { writtenColumns } from '../../spec/mask.ts';
import { openWarehouse } from '../adapters/warehouses.ts';
import type { Outcome, StepContext, StepFunction, Work } from '../context.ts';
import { configuration, StepError } from '../errors.ts';
import type { LoadRecord, Relation, Warehouse, WarehouseColumn } from '../ports/warehouse.ts';
import type { CheckResult, LoadDetails, Receipt, UploadDetails } from '../receipt.ts';
import { planChecks } from './check/plan.ts';
import { refuseFailed, runChecks } from './check/run-checks.ts';
import { mustLoad } from './load/decide.ts';

/**
 * Replaces partitions of the table by the published files: staged, checked at the gate, swapped in by one
 * transaction. Details of its receipt: `LoadDetails`.
 */
export const load: StepFunction = async (context, work, report) => {
  const { job } = context;
  if (job.load === undefined || job.columns === undefined) {
    throw configuration(`the pipeline ${job.pipeline} has no load or no columns: build its DAG again`);
  }
  const declared = writtenColumns(job.columns);
  const plans = work.map((one) => planLoad(context, one, job.load as Load, declared));
  await using warehouse = await openWarehouse(context);
  await warehouse.prepare(job.load.table, allColumns(declared, plans));
  for (const plan of plans) {
    await report.finish(plan.record.partition, await loadPartition(context, warehouse, plan));
  }
};

interface LoadPlan {
  readonly record: LoadRecord;
  readonly uploaded: UploadDetails;
  readonly receipt: Receipt;
  readonly columns: readonly WarehouseColumn[];
}

function planLoad(
  context: StepContext,
  { partition, previous }: Work,
  { table }: Load,
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
  return { record, uploaded, receipt: previous, columns: uploaded.columns ?? columns };
}

/** The declared columns, and those that any of the partitions brings for new fields. */
function allColumns(declared: readonly WarehouseColumn[], plans: readonly LoadPlan[]): WarehouseColumn[] {
  const all = [...declared, ...plans.flatMap(({ columns }) => columns)];
  return [...new Map(all.map((column) => [column.name, column])).values()];
}

async function loadPartition(context: StepContext, warehouse: Warehouse, plan: LoadPlan): Promise<Outcome> {
  const { record, columns } = plan;
  const { table, partition } = record;
  const { force } = context;
  const name = warehouse.nameOf(table);
  const target: Relation = { table, partition };

  const committed = await warehouse.loads(table, partition);
  const loaded = !mustLoad(record, committed, { force, damaged: false });
  const damaged = loaded && (await rowsOf(warehouse, target)) !== record.rows;
  if (loaded && !damaged) {
    const checks = await gate(context, warehouse, target, plan);
    return unchanged(plan, name, committed, checks);
  }
  if (damaged) {
    context.log.warn(
      { event: 'partition_damaged', partition },
      `${name} has not the rows of ${partition} that were loaded: they are loaded again`,
    );
  }
  await stage(context, warehouse, plan);
  const checks = await gate(context, warehouse, 'staging', plan);
  const replaced = await warehouse.publish(record, columns, (seen) =>
    mustLoad(record, seen, { force, damaged }),
  );
  const rows = await rowsOf(warehouse, target);
  if (rows !== record.rows) {
    throw new StepError(
      EXIT.defect,
      `${name} has ${rows} rows of ${partition} after the load and ${record.rows} were published: load it again with --force`,
    );
  }
  if (!replaced) return unchanged(plan, name, await warehouse.loads(table, partition), checks);
  const message = `loaded ${rows} rows of ${partition} into ${name}`;
  return outcome(plan, message, { load_id: record.loadId, table: name, changed: true, checks });
}

async function rowsOf(warehouse: Warehouse, relation: Relation): Promise<number> {
  const [rows = 0] = await warehouse.measure(relation, [{ kind: 'rows' }]);
  return rows;
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
): Promise<CheckResult[]> {
  const names = columns.map((column) => column.name);
  const accounted = { rows: receipt.rows, total: uploaded.total };
  const planned = planChecks(context.job.checks, 'gate', names, accounted);
  const results = await runChecks(warehouse, relation, planned, { ...record, when: 'gate' }, context.log);
  refuseFailed(results, record.partition, `${warehouse.nameOf(record.table)} was not changed`);
  return results;
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
