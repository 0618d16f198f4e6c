import type { LoadMode } from '../../../src/runtime/ports/warehouse.ts';
import type { JobChanges } from '../upload/rig.ts';

/** One extraction of a partition: what upload is given. */
export interface Attempt {
  readonly partition: string;
  /** Hour of 2026-02-01 at which its extraction began. */
  readonly hour: number;
  readonly records: readonly { id: number | null; note: string; seen?: string }[];
}

/** A mode of load on a table that has rows already; the same on every warehouse. */
export interface Scenario {
  readonly mode: LoadMode['kind'];
  /** Differences of the job. Its columns are id (integer), note (string) and seen (timestamp). */
  readonly job: JobChanges;
  /** Loaded before, in this order. */
  readonly before: readonly Attempt[];
  /** What is disturbed. */
  readonly attempt: Attempt;
  /** Of the attempt's partition, extracted earlier; wakes when the attempt is through and must change nothing. */
  readonly stale: Attempt;
  /** Rows of the table before and after the attempt, as `partition id note`, sorted. There is no third state. */
  readonly old: readonly string[];
  readonly new: readonly string[];
}

const YESTERDAY = '2026-01-30';
const TODAY = '2026-01-31';

const at = (hour: number) => `2026-01-31T${String(hour).padStart(2, '0')}:00:00Z`;

export const SCENARIOS: readonly Scenario[] = [
  {
    mode: 'replace_partition',
    job: {},
    before: [
      { partition: YESTERDAY, hour: 5, records: [{ id: 1, note: 'other' }] },
      {
        partition: TODAY,
        hour: 6,
        records: [
          { id: 1, note: 'old' },
          { id: 2, note: 'old' },
        ],
      },
    ],
    attempt: {
      partition: TODAY,
      hour: 8,
      records: [
        { id: 1, note: 'new' },
        { id: 2, note: 'new' },
        { id: 3, note: 'new' },
      ],
    },
    stale: { partition: TODAY, hour: 7, records: [{ id: 1, note: 'stale' }] },
    old: ['2026-01-30 1 other', '2026-01-31 1 old', '2026-01-31 2 old'],
    new: ['2026-01-30 1 other', '2026-01-31 1 new', '2026-01-31 2 new', '2026-01-31 3 new'],
  },
  {
    mode: 'merge',
    job: { key: { columns: ['id'] }, load: { table: 'flights', mode: 'merge', newest_by: 'seen' } },
    before: [
      {
        partition: YESTERDAY,
        hour: 5,
        records: [
          { id: 1, note: 'older', seen: at(1) },
          { id: 2, note: 'newer', seen: at(9) },
          { id: null, note: 'other' },
        ],
      },
      {
        partition: TODAY,
        hour: 6,
        records: [
          { id: 3, note: 'null' },
          { id: 4, note: 'equal', seen: at(4) },
          { id: null, note: 'old' },
        ],
      },
    ],
    attempt: {
      partition: TODAY,
      hour: 8,
      records: [
        { id: 1, note: 'new', seen: at(2) },
        { id: 2, note: 'late', seen: at(8) },
        { id: 3, note: 'new' },
        { id: 4, note: 'new', seen: at(4) },
        { id: 5, note: 'new', seen: at(1) },
        { id: null, note: 'new' },
      ],
    },
    stale: {
      partition: TODAY,
      hour: 7,
      records: [
        { id: 4, note: 'stale', seen: at(4) },
        { id: null, note: 'stale' },
      ],
    },
    old: [
      ...['2026-01-30 1 older', '2026-01-30 2 newer', '2026-01-30 null other'],
      ...['2026-01-31 3 null', '2026-01-31 4 equal', '2026-01-31 null old'],
    ],
    new: [
      ...['2026-01-30 2 newer', '2026-01-30 null other', '2026-01-31 1 new', '2026-01-31 3 new'],
      ...['2026-01-31 4 new', '2026-01-31 5 new', '2026-01-31 null new'],
    ],
  },
  {
    mode: 'replace',
    job: { load: { table: 'flights', mode: 'replace' } },
    before: [
      {
        partition: YESTERDAY,
        hour: 5,
        records: [
          { id: 1, note: 'old' },
          { id: 2, note: 'old' },
        ],
      },
    ],
    attempt: { partition: TODAY, hour: 8, records: [{ id: 3, note: 'new' }] },
    stale: { partition: TODAY, hour: 7, records: [{ id: 4, note: 'stale' }] },
    old: ['2026-01-30 1 old', '2026-01-30 2 old'],
    new: ['2026-01-31 3 new'],
  },
];
