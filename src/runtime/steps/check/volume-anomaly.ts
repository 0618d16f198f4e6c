import type { Check } from '../../../spec/check.ts';
import { shift } from '../../../spec/partition.ts';
import type { Rows } from '../../receipt.ts';
import type { Plan } from './plan.ts';

/** Fewer say too little of what is usual. */
const ENOUGH = 4;
/** Makes the median absolute deviation of normally distributed numbers their standard deviation. */
const NORMAL = 1.4826;
/** Of the median: numbers that hardly differ from each other must not make a few rows an anomaly. */
const LEAST = 0.01;

/**
 * The rows of this load against the newest loads of the same weekday in the weeks before, less those that were
 * anomalies themselves: at most `sensitivity` usual deviations from their median. Passes without a word on the rows
 * where there is too little to compare with, and says so.
 */
export function volumeAnomaly(
  { weeks, sensitivity }: NonNullable<Check['volume_anomaly']>,
  partition: string,
  rows: Rows,
): Plan {
  const measured = rows.published;
  return {
    kind: 'volume_anomaly',
    name: 'volume_anomaly',
    measures: [],
    compares: Array.from({ length: weeks }, (_, week) => shift(partition, -7 * (week + 1))),
    judge: (_, volumes) => {
      const usual = volumes.filter(({ anomalous }) => !anomalous).map((volume) => volume.rows);
      if (usual.length < ENOUGH) {
        const expected = 'the usual number of rows';
        const left = volumes.length - usual.length;
        const but = left === 0 ? '' : `, ${left} anomalies left out`;
        const note = `not judged: ${usual.length} loads of the same weekday in ${weeks} weeks${but}, and ${ENOUGH} are needed`;
        return { passed: true, measured, expected, note };
      }
      const { low, high, middle } = usualRange(usual, sensitivity);
      return {
        passed: measured >= low && measured <= high,
        measured,
        expected: `${Math.ceil(low)} to ${Math.floor(high)} rows`,
        note: `the median of ${usual.length} loads of the same weekday is ${middle}`,
      };
    },
  };
}

/** Rows that are not unusual, both ends included. */
function usualRange(
  counts: readonly number[],
  sensitivity: number,
): { low: number; high: number; middle: number } {
  const middle = median(counts);
  const deviation = NORMAL * median(counts.map((count) => Math.abs(count - middle)));
  const reach = sensitivity * Math.max(deviation, LEAST * middle, 1);
  return { low: Math.max(0, middle - reach), high: middle + reach, middle };
}

/** Of at least one number. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}
