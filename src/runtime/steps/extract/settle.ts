/** Whether what was received can be the whole list. */
export interface Settlement {
  /** The count is what the API said last, give or take the tolerance. */
  complete: boolean;
  /** The API said different totals during the reading: pages by offset may then have skipped records. */
  moved: boolean;
}

/** `totals` as the pages said them, in order; without any there is nothing to compare with. */
export function settle(received: number, totals: readonly (number | null)[], tolerance: number): Settlement {
  const said = totals.filter((total) => total !== null);
  const last = said.at(-1);
  if (last === undefined) return { complete: true, moved: false };
  return {
    complete: Math.abs(received - last) <= tolerance,
    moved: Math.max(...said) - Math.min(...said) > tolerance,
  };
}
