import { milliseconds } from '../../../spec/quantities.ts';
import type { JobExtract } from '../../adapters/http/url.ts';
import { dayOf, instant, windowsOf } from '../../day.ts';
import type { Values } from '../../ports/source.ts';

/** One reading of the source that a partition needs. */
export interface Slice {
  /** Its value, or the beginning of its window; null where there are no slices. */
  value: string | null;
  /** For the placeholders of its requests. */
  values: Values;
}

/** The slices of a partition, in order. Instants are by the clock of the zone, with its offset. */
export function slicesOf(
  slices: JobExtract['slices'],
  partition: string,
  timezone: string,
  run: string,
): Slice[] {
  const day = dayOf(partition, timezone);
  const common = {
    partition,
    run,
    'partition.start': instant(day.start, timezone),
    'partition.end': instant(day.end, timezone),
  };
  if (slices === undefined) return [{ value: null, values: common }];
  if ('values' in slices) {
    return slices.values.map((value) => ({ value, values: { ...common, [`slice.${slices.name}`]: value } }));
  }
  return windowsOf(day, milliseconds(slices.window.every)).map((window) => {
    const start = instant(window.start, timezone);
    const end = instant(window.end, timezone);
    return { value: start, values: { ...common, 'slice.window.start': start, 'slice.window.end': end } };
  });
}
