import { createHash } from 'node:crypto';

export const PLANS = ['free', 'basic', 'professional', 'business'] as const;
export type Plan = (typeof PLANS)[number];

export interface PlanTerms {
  /** Most records in one answer. */
  pageCap: number;
  /** Whether `flight_date` is allowed. */
  historical: boolean;
  /** Requests after which a month ends; undefined: further ones are billed. */
  stopsAt: number | undefined;
}

export const TERMS: Record<Plan, PlanTerms> = {
  free: { pageCap: 100, historical: false, stopsAt: 100 },
  basic: { pageCap: 100, historical: true, stopsAt: undefined },
  professional: { pageCap: 1_000, historical: true, stopsAt: undefined },
  business: { pageCap: 1_000, historical: true, stopsAt: undefined },
};

/** Keys that every stand-in accepts, whatever plan it was started with. */
export const WELL_KNOWN_KEYS: Record<Plan, string> = {
  free: 'stand-in-free',
  basic: 'stand-in-basic',
  professional: 'stand-in-professional',
  business: 'stand-in-business',
};

/** The key of an account that was closed. */
export const INACTIVE_KEY = 'stand-in-inactive';

/** A key that looks like a real one, 32 hexadecimal digits, so that a search for a leaked key finds nothing else. */
export function keyOf(plan: Plan, seed: number): string {
  return createHash('sha256').update(`stand-in ${plan} ${seed}`).digest('hex').slice(0, 32);
}
