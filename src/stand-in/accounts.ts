import type { ApiErrorCode } from './api-error.ts';
import { INACTIVE_KEY, keyOf, PLANS, type Plan, type PlanTerms, TERMS, WELL_KNOWN_KEYS } from './plans.ts';

export interface Account {
  terms: PlanTerms;
  /** Counts an answered request against the month of a date. */
  count(date: string): void;
  /** Whether the month's requests are used up. */
  usedUp(date: string): boolean;
}

/** Who may ask: the key of this stand-in, and a well-known one for each plan. Requests are counted by key. */
export class Accounts {
  /** The key for the plan that the stand-in was started with. */
  readonly key: string;
  readonly #plans: ReadonlyMap<string, PlanTerms>;
  readonly #used = new Map<string, number>();

  constructor(plan: Plan, options: { seed: number; key?: string | undefined; quota?: number | undefined }) {
    this.key = options.key ?? keyOf(plan, options.seed);
    const terms = (one: Plan): PlanTerms =>
      one === plan && options.quota !== undefined ? { ...TERMS[one], stopsAt: options.quota } : TERMS[one];
    this.#plans = new Map([
      ...PLANS.map((one): [string, PlanTerms] => [WELL_KNOWN_KEYS[one], terms(one)]),
      [this.key, terms(plan)],
    ]);
  }

  find(key: string | undefined): Account | ApiErrorCode {
    if (key === undefined || key === '') return 'missing_access_key';
    if (key === INACTIVE_KEY) return 'inactive_user';
    const terms = this.#plans.get(key);
    if (terms === undefined) return 'invalid_access_key';
    const name = (date: string) => `${key} ${date.slice(0, 7)}`;
    const used = (date: string) => this.#used.get(name(date)) ?? 0;
    return {
      terms,
      count: (date) => this.#used.set(name(date), used(date) + 1),
      usedUp: (date) => terms.stopsAt !== undefined && used(date) >= terms.stopsAt,
    };
  }
}
