import type { Accounts } from './accounts.ts';
import { type Answer, apiError, written } from './api-error.ts';
import type { FlightArchive } from './data/archive.ts';
import { readQuery } from './query.ts';

export interface FlightsApi {
  accounts: Accounts;
  archive: FlightArchive;
  /** What is done with a limit above the cap of the plan. */
  overLimit: 'cap' | 'refuse';
}

/** What faults change in an answer that is otherwise right. */
export interface Bent {
  /** A lower page cap. */
  cap?: number | undefined;
  /** Added to the total. */
  total?: number | undefined;
  /** No records, as in an incident at the provider. */
  empty?: boolean | undefined;
}

/** `GET /v1/flights` on a day (`today`, `2026-01-31`), with each parameter's last value. */
export function answerFlights(
  api: FlightsApi,
  parameters: Record<string, string>,
  today: string,
  bent: Bent = {},
): Answer {
  const account = api.accounts.find(parameters.access_key);
  if (typeof account === 'string') return apiError(account);
  if (account.usedUp(today)) return apiError('usage_limit_reached');
  const read = readQuery(parameters);
  if ('context' in read) return apiError('validation_error', read.context);
  const { query } = read;
  const { pageCap, historical } = account.terms;
  if (query.date !== undefined && !historical) return apiError('function_access_restricted');
  if (query.limit > pageCap && api.overLimit === 'refuse') {
    const message = `The limit must not be greater than ${pageCap} on the current subscription plan.`;
    return apiError('validation_error', { limit: [{ key: 'invalid_limit', message }] });
  }
  account.count(today);
  const day = query.date === undefined ? api.archive.recent(today) : api.archive.on(query.date, today);
  const found = bent.empty ? [] : day.filter(query.matches);
  const limit = Math.min(query.limit, pageCap, bent.cap ?? Number.POSITIVE_INFINITY);
  const data = found.slice(query.offset, query.offset + limit);
  const total = Math.max(0, found.length + (bent.total ?? 0));
  const pagination = { limit, offset: query.offset, count: data.length, total };
  return { status: 200, body: written({ pagination, data }) };
}
