import { z } from 'zod';

const status = z.int().min(200).max(599);

const action = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('error').describe('An error body under a status.'),
    status,
    code: z.string().min(1),
    retryAfter: z.string().min(1).optional().describe('The Retry-After header, seconds or a date.'),
  }),
  z.strictObject({
    kind: z.literal('body').describe('Any bytes, such as the HTML page of a gateway.'),
    status,
    contentType: z.string().min(1),
    body: z.string(),
  }),
  z.strictObject({ kind: z.literal('reset').describe('The connection is reset before an answer.') }),
  z.strictObject({
    kind: z.literal('truncate').describe('The connection is closed after half of the body.'),
  }),
  z.strictObject({
    kind: z.literal('delay').describe('The answer comes later.'),
    ms: z.int().min(0).max(3_600_000).describe('Milliseconds.'),
  }),
  z.strictObject({ kind: z.literal('empty').describe('Status 200, no records, total 0.') }),
  z.strictObject({
    kind: z.literal('ok_error').describe('An error body under status 200.'),
    code: z.string().min(1),
  }),
  z.strictObject({
    kind: z.literal('cap').describe('Fewer records in an answer than asked for.'),
    limit: z.int().min(1),
  }),
  z.strictObject({ kind: z.literal('total').describe('Added to the total.'), add: z.int() }),
]);

const fault = z.strictObject({
  match: z
    .strictObject({
      slice: z.string().optional().describe('Value of airline_iata.'),
      offset: z.int().min(0).optional().describe('Value of offset; 0 where the request names none.'),
      path: z.string().optional().describe('Path of the request, such as /v1/flights.'),
    })
    .optional()
    .describe('The requests it is about; all, when left out.'),
  count: z.union([z.int().min(1), z.literal('always')]).describe('How many of them it meets.'),
  skip: z.int().min(0).optional().describe('How many of them pass first.'),
  action,
});

export const faults = z.array(fault);

export type Fault = z.output<typeof fault>;
export type FaultAction = z.output<typeof action>;

/** They change an answer; all of those that match act together, and beside one of the others. */
type Bending = Extract<FaultAction, { kind: 'delay' | 'cap' | 'total' }>;
/** They take an answer's place, or spoil it: the first that matches acts. */
export type Ending = Exclude<FaultAction, Bending>;

export interface Struck {
  /** Kinds of the faults that met the request, in their order. */
  kinds: FaultAction['kind'][];
  delay: number;
  cap: number | undefined;
  total: number;
  ending: Ending | undefined;
}

/** The faults in force, and how often each has still to pass or to strike. */
export class FaultList {
  #active: { fault: Fault; skip: number; left: number }[] = [];

  /** Replaces all faults. Throws when one is not well-formed, and changes nothing then. */
  set(value: unknown): void {
    const read = faults.safeParse(value);
    if (!read.success) throw new Error(`the faults are not well-formed:\n${z.prettifyError(read.error)}`);
    this.#active = read.data.map((one) => ({
      fault: one,
      skip: one.skip ?? 0,
      left: one.count === 'always' ? Number.POSITIVE_INFINITY : one.count,
    }));
  }

  /** What a request meets; counts it. */
  strike(path: string, parameters: Record<string, string>): Struck {
    const struck: Struck = { kinds: [], delay: 0, cap: undefined, total: 0, ending: undefined };
    for (const one of this.#active) {
      if (one.left === 0 || !matches(one.fault, path, parameters)) continue;
      const { action } = one.fault;
      const bending = action.kind === 'delay' || action.kind === 'cap' || action.kind === 'total';
      // A request that an earlier fault has ended is no request for a later one: it neither passes nor strikes.
      if (!bending && struck.ending !== undefined) continue;
      if (one.skip > 0) {
        one.skip -= 1;
        continue;
      }
      one.left -= 1;
      struck.kinds.push(action.kind);
      if (action.kind === 'delay') struck.delay += action.ms;
      else if (action.kind === 'cap') struck.cap = Math.min(struck.cap ?? action.limit, action.limit);
      else if (action.kind === 'total') struck.total += action.add;
      else struck.ending = action;
    }
    return struck;
  }
}

function matches({ match }: Fault, path: string, parameters: Record<string, string>): boolean {
  if (match === undefined) return true;
  if (match.path !== undefined && match.path !== path) return false;
  if (match.slice !== undefined && match.slice !== parameters.airline_iata) return false;
  return match.offset === undefined || String(match.offset) === (parameters.offset ?? '0');
}
