import { z } from 'zod';
import { isPartition } from '../spec/partition.ts';
import { MOST_FLIGHTS } from './data/timetable.ts';
import { type Fault, faults } from './faults.ts';
import { PLANS, type Plan } from './plans.ts';

export interface StandInOptions {
  /** The address to listen on. Default 127.0.0.1: nobody outside this machine. */
  host?: string | undefined;
  /** Default 0: a free port. */
  port?: number | undefined;
  /** What `StandIn.key` is allowed. Default professional. */
  plan?: Plan | undefined;
  /** A key of one's own in place of the generated one. */
  key?: string | undefined;
  /** Other flights for another number. Default 1. */
  seed?: number | undefined;
  /** The date that it takes for today, `2026-01-31`. Default: the date in UTC at each request. */
  today?: string | undefined;
  /** Requests in a month, after which the plan's keys get usage_limit_reached. Default: 100 for free, else none. */
  quota?: number | undefined;
  /** Flights that each airline operates on every day, 1 to 2,000. Default: a timetable of 150 to 430. */
  flightsPerAirlineAndDay?: number | undefined;
  /** What a limit above the plan's page cap means. Default cap. */
  overLimit?: 'cap' | 'refuse' | undefined;
  faults?: Fault[] | undefined;
}

const options = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(0),
  plan: z.enum(PLANS).default('professional'),
  key: z
    .string()
    .regex(/^[\x21-\x7e]{8,}$/, 'must be at least 8 printable characters without blanks')
    .optional(),
  seed: z.int().default(1),
  today: z.string().refine(isPartition, 'must be a date that exists, such as 2026-01-31').optional(),
  quota: z.int().min(0).optional(),
  flightsPerAirlineAndDay: z.int().min(1).max(MOST_FLIGHTS).optional(),
  overLimit: z.enum(['cap', 'refuse']).default('cap'),
  faults: faults.default([]),
});

export type ResolvedOptions = z.output<typeof options>;

/** Fills in the defaults; throws an error that names each wrong option. */
export function resolveOptions(given: StandInOptions): ResolvedOptions {
  const read = options.safeParse(given);
  if (read.success) return read.data;
  throw new Error(`the stand-in cannot start with these options:\n${z.prettifyError(read.error)}`);
}
