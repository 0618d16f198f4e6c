import { setFlagsFromString } from 'node:v8';

/**
 * For steps whose objects live for a page. Left to grow, the space for young objects takes a hundred MB more at a
 * million flights and saves no time. A V8 that does not know the flag ignores it.
 */
export function keepYoungObjectsFew(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * For a step beside whose heap much else is in memory: the heap is collected before it has grown to more than twice of
 * what is alive in it. A V8 that does not know the flag ignores it.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
