import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { minutesOfDay, shortestInterval } from '../../src/compiler/cron.ts';

it.each([
  ['0 6 * * *', 24 * 60],
  ['*/15 * * * *', 15],
  ['0,7 * * * *', 7],
  ['55 23,0 * * *', 60],
  ['0 6 * * 1-5', 24 * 60],
  ['0 6 * * 1', 7 * 24 * 60],
  ['0 6 1 * *', 28 * 24 * 60],
  ['0 6 31 * *', 31 * 24 * 60],
  ['0 6 29 2 *', 4 * 365 * 24 * 60 + 24 * 60],
  ['10 6,7 1 1 *', 60],
  ['0 6 1 * MON', 24 * 60],
])('%s is due again after %i minutes at the earliest', (cron, minutes) => {
  expect(shortestInterval(cron)).toBe(minutes * 60_000);
});

it.each(['0 6 30 2 *', 'daily', '61 * * * *'])('%s is never due', (cron) => {
  expect(shortestInterval(cron)).toBeUndefined();
});

it('names the times of a day', () => {
  expect(minutesOfDay('5,50 6,18 * * 1')).toEqual(['06:05', '06:50', '18:05', '18:50']);
  expect(minutesOfDay('5 25 * * *')).toEqual([]);
});

/** A field that leaves so little that the nearest two times are met soon. */
const few = (least: number, most: number) =>
  fc
    .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 2 })
    .map((all) => all.join());
const days = fc.oneof(fc.constant('*'), few(1, 28), fc.constant('*/10'));
const weekdays = fc.oneof(fc.constant('*'), few(0, 6), fc.constant('1-5'), fc.constant('7'));

it('agrees with the parser, asked for one time after another', () => {
  fc.assert(
    fc.property(few(0, 59), few(0, 23), days, weekdays, (minute, hour, day, weekday) => {
      const cron = `${minute} ${hour} ${day} * ${weekday}`;
      const ticks = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: '2026-01-01T00:00:00Z' });
      // Four times a day in two weeks, or on the four days of a February and March.
      const times = Array.from({ length: 60 }, () => ticks.next().getTime());
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect([cron, shortestInterval(cron)]).toEqual([cron, Math.min(...gaps)]);
    }),
    { numRuns: 100 },
  );
});
