import { openWarehouse } from '../adapters/warehouses.ts';
import type { StepContext, StepFunction, Work } from '../context.ts';
import { configuration } from '../errors.ts';
import type { CheckDetails, LoadDetails, Receipt } from '../receipt.ts';
import { planChecks, rowsAsLoaded } from './check/plan.ts';
import { refuseFailed, runChecks } from './check/run-checks.ts';

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
  const names = columns.map((column) => column.name);
  const plans = work.map((one) => {
    const receipt = loadedBy(one);
    const { total } = receipt.details as LoadDetails;
    const planned = planChecks(job.checks, 'after_load', names, { rows: receipt.rows, total });
    return { receipt, planned: [rowsAsLoaded(receipt.rows.loaded), ...planned] };
  });
  await using warehouse = await openWarehouse(context);
  for (const { receipt, planned } of plans) {
    const { partition } = receipt;
    const run = runOf(context, partition, load.table);
    const checks = await runChecks(warehouse, { table: load.table, partition }, planned, run, context.log);
    const table = warehouse.nameOf(load.table);
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
