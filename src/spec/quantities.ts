import { z } from 'zod';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `500ms`, `30s`, `5m`, `1h`, `2d`. Kept as text up to its use, so that a job reads as its spec does. */
export const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,6}(ms|s|m|h|d)$/, 'must be a duration such as 30s, 5m, 1h or 2d')
  .meta({ examples: ['30s', '5m', '1h', '2d'] });

/** `1%`, `0.5%`. */
export const share = z
  .string()
  .regex(/^(100|[0-9]{1,2})(\.[0-9]{1,6})?%$/, 'must be a share such as 1% or 0.5%')
  .meta({ examples: ['1%', '0.5%'] });

const BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** `64MiB`, `500KiB`. */
export const size = z
  .string()
  .regex(/^[1-9][0-9]{0,6}(B|KiB|MiB|GiB)$/, 'must be a size such as 500KiB or 64MiB')
  .meta({ examples: ['500KiB', '64MiB'] });

/** Bytes of a size that its schema accepted. */
export function bytes(text: string): number {
  const unit = text.replace(/^[0-9]+/, '') as keyof typeof BYTES;
  return Number.parseInt(text, 10) * BYTES[unit];
}

/** Milliseconds of a duration that its schema accepted. */
export function milliseconds(text: string): number {
  const unit = text.replace(/^[0-9]+/, '') as keyof typeof UNITS;
  return Number.parseInt(text, 10) * UNITS[unit];
}

/** A share that its schema accepted, as a fraction of one. */
export function fraction(text: string): number {
  return Number.parseFloat(text) / 100;
}
