import { oneOfEachStep } from '../../runtime/group-receipts.ts';
import { ownObject } from '../../runtime/object-names.ts';
import type { ObjectStore } from '../../runtime/ports/object-store.ts';
import type { Receipt } from '../../runtime/receipt.ts';
import { readReceipt } from '../../runtime/receipts.ts';
import type { RunReceipts } from './plan.ts';

/** Every run of a partition that has left receipts. */
export async function receiptsOf(
  store: ObjectStore,
  pipeline: string,
  partition: string,
): Promise<RunReceipts[]> {
  const runs = new Map<string, Receipt[]>();
  for await (const { name } of store.list(`receipts/${pipeline}/${partition}/`)) {
    const own = ownObject(name);
    if (own?.step === undefined || own.run === null) continue;
    const receipt = await readReceipt(store, pipeline, partition, own.run, own.step, own.group);
    if (receipt !== undefined) runs.set(own.run, [...(runs.get(own.run) ?? []), receipt]);
  }
  return [...runs.values()].map(
    (receipts) => new Map(oneOfEachStep(receipts).map((receipt) => [receipt.step, receipt])),
  );
}
