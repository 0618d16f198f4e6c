/**
 * Whether `count` of `total` is more than a share such as `0.7%`; counts in rows. In whole numbers, since
 * 0.7 / 100 × 1000 is less than 7 in floating point.
 */
export function exceeds(count: number, total: number, share: string): boolean {
  const [whole = '0', decimals = ''] = share.slice(0, -1).split('.');
  const millionths = BigInt(whole + decimals.padEnd(6, '0'));
  return BigInt(count) * 100_000_000n > millionths * BigInt(total);
}
