import type { ObjectStore } from '../../runtime/ports/object-store.ts';
import type { Receipt } from '../../runtime/receipt.ts';
import { readReceipt } from '../../runtime/receipts.ts';
import { isStep, type Step } from '../../spec/steps.ts';
import type { RunReceipts } from './plan.ts';

/** Every run of a partition that has left receipts. */
export async function receiptsOf(
  store: ObjectStore,
  pipeline: string,
  partition: string,
): Promise<RunReceipts[]> {
  const runs = new Map<string, Map<Step, Receipt>>();
  for await (const { name } of store.list(`receipts/${pipeline}/${partition}/`)) {
    const [, , , run, file] = name.split('/');
    const step = file?.replace(/\.json$/, '');
    if (run === undefined || step === undefined || !isStep(step)) continue;
    const receipt = await readReceipt(store, pipeline, partition, run, step);
    if (receipt === undefined) continue;
    const steps = runs.get(run) ?? new Map<Step, Receipt>();
    runs.set(run, steps.set(step, receipt));
  }
  return [...runs.values()];
}
