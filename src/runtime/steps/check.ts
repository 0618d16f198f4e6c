import { writtenColumns } from '../../spec/mask.ts';
import { openWarehouse } from '../adapters/warehouses.ts';
import type { StepContext, StepFunction, Work } from '../context.ts';
import { configuration } from '../errors.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import type { CheckDetails, LoadDetails, Receipt } from '../receipt.ts';
import { planChecks, rowsAsLoaded } from './check/plan.ts';
import { refuseFailed, runChecks } from './check/run-checks.ts';
import { loadedRows, loadMode } from './load/mode.ts';

/**
 * Looks at the published table: that each partition has the rows that were loaded, and the checks that are to run
 * after the load. Details of its receipt: `CheckDetails`.
 */
export const check: StepFunction = async (context, work, report) => {
  const { job } = context;
  const { load, columns = [] } = job;
  if (load === undefined) {
    throw configuration(
      `check needs the step load before it, and ${job.pipeline} has none: remove its checks`,
    );
  }
  const mode = loadMode(job, load);
  const plans = work.map((one) => {
    const receipt = loadedBy(one);
    const { partition, rows } = receipt;
    const { total } = receipt.details as LoadDetails;
    const target = { table: load.table, partition };
    const exact = loadedRows(mode, target);
    const subject = { partition, columns: writtenColumns(columns), rows, total };
    return {
      receipt,
      relation: exact ?? target,
      // Rows that lie among those of other loads can't be counted apart from them.
      planned: [
        ...(exact === undefined ? [] : [rowsAsLoaded(rows.loaded)]),
        ...planChecks(job, 'after_load', subject),
      ],
    };
  });
  await using warehouse = await openWarehouse(context);
  const table = warehouse.nameOf(load.table);
  for (const { receipt, relation, planned } of plans) {
    const { partition } = receipt;
    if (mode.kind === 'replace') await refuseReplaced(warehouse, load.table, partition);
    const checks = await runChecks(
      context,
      warehouse,
      relation,
      planned,
      runOf(context, partition, load.table),
    );
    report.keep(partition, { checks } satisfies CheckDetails);
    refuseFailed(
      checks,
      partition,
      `The rows are in ${table} already; what runs after this step was stopped`,
    );
    const warned = checks.filter(({ passed }) => !passed).length;
    const passed = `${checks.length - warned} of ${checks.length} checks of ${partition} in ${table} passed`;
    await report.finish(partition, {
      status: 'done',
      message: warned === 0 ? passed : `${passed}, ${warned} warned`,
      rows: receipt.rows,
      details: { checks } satisfies CheckDetails,
    });
  }
};

/** A table that is replaced whole holds the newest load alone; its rows say nothing of another one. */
async function refuseReplaced(warehouse: Warehouse, table: string, partition: string): Promise<void> {
  const newest = (await warehouse.loads(table)).at(-1);
  if (newest === undefined || newest.partition === partition) return;
  throw configuration(
    `${warehouse.nameOf(table)} was replaced by ${newest.partition} since ${partition} was loaded: check that one`,
  );
}

function runOf(context: StepContext, partition: string, table: string) {
  const { pipeline } = context.job;
  return { pipeline, table, partition, runId: context.identity.runId, when: 'after_load' } as const;
}

function loadedBy({ partition, previous }: Work): Receipt {
  if (previous?.step !== 'load' || previous.details === undefined) {
    throw configuration(`check of ${partition} found no receipt of load: run load first`);
  }
  return previous;
}
