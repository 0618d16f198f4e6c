import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf, instant, windowsOf } from '../../src/runtime/day.ts';
import { range, shift } from '../../src/spec/partition.ts';

const HOUR = 3_600_000;

// Of the IANA database; the last four begin at a midnight that clocks skip or repeat.
test.each([
  ['2026-01-31', 'UTC', '2026-01-31T00:00:00+00:00', '2026-02-01T00:00:00+00:00', 24],
  ['2026-01-31', 'Asia/Kolkata', '2026-01-31T00:00:00+05:30', '2026-02-01T00:00:00+05:30', 24],
  ['2026-03-29', 'Europe/Berlin', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00', 23],
  ['2026-10-25', 'Europe/Berlin', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00', 25],
  ['2026-04-05', 'Australia/Lord_Howe', '2026-04-05T00:00:00+11:00', '2026-04-06T00:00:00+10:30', 24.5],
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T01:00:00-02:00', '2018-11-05T00:00:00-02:00', 23],
  ['2018-02-17', 'America/Sao_Paulo', '2018-02-17T00:00:00-02:00', '2018-02-18T00:00:00-03:00', 25],
  ['2025-11-02', 'America/Havana', '2025-11-02T00:00:00-04:00', '2025-11-03T00:00:00-05:00', 25],
  ['2011-12-29', 'Pacific/Apia', '2011-12-29T00:00:00-10:00', '2011-12-31T00:00:00+14:00', 24],
])('%s in %s', (date, zone, start, end, hours) => {
  const day = dayOf(date, zone);
  expect([instant(day.start, zone), instant(day.end, zone), (day.end - day.start) / HOUR]).toEqual([
    start,
    end,
    hours,
  ]);
});

test('the days of a zone follow each other without a gap, and so do the windows of a day', () => {
  const zones = ['Europe/London', 'America/New_York', 'America/Sao_Paulo', 'Asia/Gaza', 'Pacific/Chatham'];
  const hours = fc.integer({ min: 1, max: 30 });
  const first = fc.integer({ min: 0, max: 7000 }).map((days) => shift('2006-01-01', days));
  fc.assert(
    fc.property(fc.constantFrom(...zones), first, hours, (zone, date, every) => {
      let end: number | undefined;
      for (const one of range(date, shift(date, 30))) {
        const day = dayOf(one, zone);
        expect(day.start).toBe(end ?? day.start);
        const windows = windowsOf(day, every * HOUR);
        expect(windows[0]?.start).toBe(day.start);
        expect(windows.at(-1)?.end).toBe(day.end);
        for (const [index, window] of windows.slice(1).entries()) {
          expect(window.start).toBe(windows[index]?.end);
          expect(window.end - window.start).toBeLessThanOrEqual(every * HOUR);
        }
        end = day.end;
      }
    }),
    { numRuns: 30 },
  );
});
