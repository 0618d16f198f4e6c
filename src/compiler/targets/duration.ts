import { call, type Expression, imported, literal } from '../python/expression.ts';

/** `timedelta` in the largest unit that needs no fraction. */
export function timedelta(seconds: number): Expression {
  const unit = UNITS.find(([, size]) => seconds >= size && seconds % size === 0) ?? (['seconds', 1] as const);
  return call(imported('datetime', 'timedelta'), [], [[unit[0], literal(seconds / unit[1])]]);
}

const UNITS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
] as const;
