import type { Contract, Key } from '../../../spec/column.ts';
import { badData } from '../../errors.ts';
import { exceeds } from '../check/share.ts';
import type { StagedRows } from './staging.ts';

/** Fails when the contract allows no bad rows or fewer; `aside` is where a person can look at them. */
export async function refuseBadRows(
  contract: Contract,
  staged: StagedRows,
  received: number,
  aside: string,
  samples: () => Promise<string[]>,
): Promise<void> {
  const tooMany = exceeds(staged.quarantined, received, contract.max_bad_rows);
  if (contract.bad_rows !== 'fail' && !tooMany) return;
  const limit =
    contract.bad_rows === 'fail'
      ? 'the contract allows none (bad_rows: fail)'
      : `the contract allows ${contract.max_bad_rows} (max_bad_rows)`;
  const reasons = staged.reasons.map(({ reason, column, rows }) => `${rows} ${reason} ${column ?? 'record'}`);
  throw badData(
    `${staged.quarantined} of ${received} rows break the contract and ${limit}: ${reasons.join(', ')}. ` +
      `First: ${(await samples()).join('; ')}. All of them are in ${aside}`,
  );
}

export function refuseDuplicates(key: Key | undefined, duplicates: number, received: number): void {
  if (key === undefined || !exceeds(duplicates, received, key.max_duplicates)) return;
  throw badData(
    `${duplicates} of ${received} rows repeat the key (${key.columns.join(', ')}) of another and ${key.max_duplicates} are allowed: ` +
      'see whether the key names a row, or raise key.max_duplicates',
  );
}
