import type { Logger } from 'pino';
import { badData } from '../../../errors.ts';
import type { FieldChange, FieldsReport } from '../../../receipt.ts';

/** Fails where the contract allows no new fields and there are some. */
export function refuseNewFields(added: readonly FieldChange[], partition: string): void {
  if (added.length === 0) return;
  throw badData(
    `the source has fields on ${partition} that no earlier run had and no column reads (new_fields: fail): ${added.map(describe).join('; ')}. ` +
      'Read them by columns, or let one run pass with new_fields: ignore',
  );
}

/** A warning where the fields of the source are not what they were. */
export function tellChanges(log: Logger, partition: string, report: FieldsReport): void {
  const { added, vanished, retyped } = report;
  const parts = [
    ...added.map((one) => `new ${describe(one)}`),
    ...retyped.map((one) => `${describe(one)} was ${one.before?.join(', ')}`),
    ...vanished.map((field) => `${field} is gone`),
  ];
  if (parts.length === 0) return;
  log.warn(
    { event: 'fields_changed', partition, added, vanished, retyped },
    `the source has other fields than in the run before: ${parts.slice(0, 10).join('; ')}`,
  );
}

function describe({ field, kinds, rows, sample }: FieldChange): string {
  const example = sample === null ? '' : `, such as ${JSON.stringify(sample)}`;
  return `${field} (${kinds.join(', ') || 'null'} in ${rows} rows${example})`;
}
