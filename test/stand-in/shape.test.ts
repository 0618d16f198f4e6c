import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { written } from '../../src/stand-in/api-error.ts';
import { FlightArchive } from '../../src/stand-in/data/archive.ts';

const RECORDED = readFileSync(
  new URL('../fixtures/aviationstack/flights-2024-09-05-page1.json', import.meta.url),
  'utf8',
);

/** What the recorded page happens not to hold: seen in other recorded answers, or in the documentation. */
const BEYOND_THE_PAGE: Record<string, string> = {
  'arrival.actual': 'string',
  'arrival.estimated_runway': 'string',
  'arrival.actual_runway': 'string',
  'arrival.airport': 'null',
  'arrival.timezone': 'null',
};

function shapeOf(records: unknown[]): { keys: Map<string, string>; types: Map<string, Set<string>> } {
  const keys = new Map<string, string>();
  const types = new Map<string, Set<string>>();
  const visit = (path: string, value: unknown) => {
    types.set(path, (types.get(path) ?? new Set()).add(value === null ? 'null' : typeof value));
    if (value === null || typeof value !== 'object') return;
    keys.set(path, Object.keys(value).join(' '));
    for (const [key, one] of Object.entries(value)) visit(path === '' ? key : `${path}.${key}`, one);
  };
  for (const record of records) visit('', record);
  return { keys, types };
}

function plain(types: Map<string, Set<string>>): Record<string, string> {
  return Object.fromEntries([...types].map(([path, names]) => [path, [...names].sort().join(' ')]));
}

test('a record has the keys, in their order, and the types that the real API gave', () => {
  const recorded = shapeOf((JSON.parse(RECORDED) as { data: unknown[] }).data);
  for (const [path, type] of Object.entries(BEYOND_THE_PAGE)) recorded.types.get(path)?.add(type);
  const archive = new FlightArchive(1);
  const ours = shapeOf([...archive.recent('2026-01-31'), ...archive.on('2026-02-01', '2026-01-31')]);
  expect(Object.fromEntries(ours.keys)).toEqual(Object.fromEntries(recorded.keys));
  expect(plain(ours.types)).toEqual(plain(recorded.types));
});

test('integers are integers, times have the form that was recorded', () => {
  const time = /"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00)"/;
  expect(RECORDED).toMatch(time);
  for (const { departure, arrival } of new FlightArchive(1).recent('2026-01-31')) {
    for (const stop of [departure, arrival]) {
      if (stop.delay !== null) expect(Number.isInteger(stop.delay)).toBe(true);
      for (const text of [stop.scheduled, stop.estimated, stop.actual]) {
        if (text !== null) expect(`"${text}"`).toMatch(time);
      }
    }
  }
});

test('slashes and letters beyond ASCII are escaped as in the recorded answer', () => {
  expect(RECORDED).toContain('"St-Exup\\u00e9ry"');
  expect(RECORDED).toContain('"Europe\\/Paris"');
  expect(written(['St-Exupéry', 'Europe/Paris'])).toBe('["St-Exup\\u00e9ry","Europe\\/Paris"]');
  expect(JSON.parse(written(['😀', '"', '\n']))).toEqual(['😀', '"', '\n']);
});
