import type { Contract } from '../../../spec/contract.ts';
import type { Key } from '../../../spec/key.ts';
import { badData } from '../../errors.ts';
import { exceeds } from '../check/share.ts';
import type { StagedRows } from './staging.ts';

/** Fails when the contract allows no bad rows or fewer; `aside` says where a person can look at them. */
export async function refuseBadRows(
  contract: Contract,
  staged: StagedRows,
  rows: number,
  aside: string,
  samples: () => Promise<string[]>,
): Promise<void> {
  const tooMany = exceeds(staged.quarantined, rows, contract.max_bad_rows);
  if (contract.bad_rows !== 'fail' && !tooMany) return;
  const limit =
    contract.bad_rows === 'fail'
      ? 'the contract allows none (bad_rows: fail)'
      : `the contract allows ${contract.max_bad_rows} (max_bad_rows)`;
  const reasons = staged.reasons.map(({ reason, column, rows: n }) => `${n} ${reason} ${column ?? 'record'}`);
  throw badData(
    `${staged.quarantined} of ${rows} rows break the contract and ${limit}: ${reasons.join(', ')}. ` +
      `First: ${(await samples()).join('; ')}. ${aside}`,
  );
}

export function refuseDuplicates(key: Key | undefined, duplicates: number, rows: number): void {
  if (key === undefined || !exceeds(duplicates, rows, key.max_duplicates)) return;
  throw badData(
    `${duplicates} of ${rows} rows repeat the key (${key.columns.join(', ')}) of another and ${key.max_duplicates} are allowed: ` +
      'see whether the key names a row, or raise key.max_duplicates',
  );
}
