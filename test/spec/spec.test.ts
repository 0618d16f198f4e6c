import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPartition, lastClosedDay, range, shift } from '../../src/spec/partition.ts';
import { duration, fraction, milliseconds, share } from '../../src/spec/quantities.ts';
import { formatPartition, placeholders, substitute } from '../../src/spec/template.ts';

describe('partitions', () => {
  it.each([
    ['2026-01-31', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-1-31', false],
    ['2026-01-31T00:00:00Z', false],
    ['', false],
  ])('%s is a date: %s', (text, expected) => expect(isPartition(text)).toBe(expected));

  it('counts calendar days over months, leap days and clock changes', () => {
    expect(shift('2024-02-28', 1)).toBe('2024-02-29');
    expect(shift('2026-03-01', -1)).toBe('2026-02-28');
    expect(range('2026-03-28', '2026-03-30')).toEqual(['2026-03-28', '2026-03-29', '2026-03-30']);
    expect(range('2026-03-30', '2026-03-28')).toEqual([]);
  });

  it.each([
    ['UTC', '2026-01-31T00:00:00Z', '2026-01-30'],
    ['Asia/Tokyo', '2026-01-31T16:00:00Z', '2026-01-31'],
    ['America/New_York', '2026-01-31T03:00:00Z', '2026-01-29'],
  ])('the last closed day in %s at %s is %s', (zone, now, day) => {
    expect(lastClosedDay(new Date(now), zone)).toBe(day);
  });
});

describe('quantities', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
  ])('%s is %i ms', (text, expected) => {
    expect(duration.safeParse(text).success).toBe(true);
    expect(milliseconds(text)).toBe(expected);
  });

  it.each(['0s', '5', '5 m', '1w', '-1s', '1.5h', ''])('"%s" is no duration', (text) => {
    expect(duration.safeParse(text).success).toBe(false);
  });

  it('reads shares', () => {
    expect(['1%', '0.5%', '100%', '0%'].map(fraction)).toEqual([0.01, 0.005, 1, 0]);
    expect(['101%', '1', '-1%', '%'].map((text) => share.safeParse(text).success)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('templates', () => {
  it('finds placeholders with their place', () => {
    expect(placeholders('/x/${partition}/${ slice.airline }$ {no}')).toEqual([
      { expression: 'partition', offset: 3, length: 12 },
      { expression: 'slice.airline', offset: 16, length: 18 },
    ]);
  });

  it('replaces what it is told and nothing else', () => {
    const filled = substitute('${a}${b}', (expression) => (expression === 'a' ? '${b}$1' : undefined));
    expect(filled).toBe('${b}$1${b}');
  });

  it('never changes a text without placeholders', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'));
        expect(substitute(text, () => 'x')).toBe(text);
      }),
    );
  });

  it('formats a partition', () => {
    expect(formatPartition('2024-12-31')).toBe('2024-12-31');
    expect(formatPartition('2024-12-31', '%Y/%m/%d %y %j 100%%')).toBe('2024/12/31 24 366 100%');
  });
});
