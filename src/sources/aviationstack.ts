import { z } from 'zod';
import { BudgetSpent } from '../runtime/adapters/http/budget.ts';
import { HttpFailure } from '../runtime/adapters/http/failure.ts';
import { createHttpSource } from '../runtime/adapters/http/http-source.ts';
import type { HttpExtract } from '../runtime/adapters/http/url.ts';
import { parseJson } from '../runtime/adapters/http/verdict.ts';
import { StepError } from '../runtime/errors.ts';
import { beginning, type List, type Page } from '../runtime/ports/source.ts';
import { createRedactor } from '../runtime/redact.ts';
import { EXIT } from '../spec/exit-codes.ts';
import { extract as extractSpec } from '../spec/extract.ts';
import { httpSource } from '../spec/http-source.ts';
import { isPartition } from '../spec/partition.ts';
import { AviationStackError, FINAL, RETRIED } from './aviationstack-error.ts';
import { type Flight, type FlightStatus, flightRecord } from './flight.ts';

export { AviationStackError, type AviationStackErrorCode } from './aviationstack-error.ts';
export type { Aircraft, Airline, Codeshare, Flight, FlightStatus, Live, LocalTime, Stop } from './flight.ts';

export interface FetchFlightsOptions {
  /** The account's key. */
  accessKey: string;
  /** Day of the flights, `2026-01-31`. Without one the API would count more than a million. */
  date: string;
  /** IATA code of an airline, such as `LH`. */
  airline?: string;
  flightStatus?: FlightStatus;
  /** IATA code of the airport of departure. */
  departureIata?: string;
  /** IATA code of the airport of arrival. */
  arrivalIata?: string;
  /** Ends the iteration with its reason. */
  signal?: AbortSignal;
  /** Default: `https://api.aviationstack.com/v1`. */
  baseUrl?: string;
  /** Flights asked for in one request, 1 to 1,000. Default 1,000; plans that allow fewer are noticed and followed. */
  pageSize?: number;
  /** Requests for one page before a temporary error is thrown, 1 to 20. Default 5. */
  attempts?: number;
  /** Requests that this call may make, retries included. Default 100: what the free plan has for a month. */
  maxRequests?: number;
}

const BASE_URL = 'https://api.aviationstack.com/v1';
const MAX_REQUESTS = 100;
const PAGE_SIZE = 1000;
const ATTEMPTS = 5;

/**
 * The flights of a day, page by page as they are wanted: `for await (const flight of fetchFlights({ … }))`.
 *
 * Temporary errors are retried (`attempts`, with growing waits, `Retry-After` honoured). What remains
 * is thrown as `AviationStackError`; its codes are listed at `AviationStackErrorCode`. Flights that came before an
 * error were given out already: keep them only when the iteration ends well, since only then is their number what
 * the API counts.
 */
export async function* fetchFlights(options: FetchFlightsOptions): AsyncGenerator<Flight, void, undefined> {
  check(options);
  const { accessKey, date, signal = new AbortController().signal } = options;
  const redact = createRedactor([accessKey]);
  let received = 0;
  let total: number | null = null;
  try {
    const source = createHttpSource({ extract: extractOf(options), secret: () => accessKey, redact });
    const list: List = { of: 'records', partition: date, slice: null, values: {} };
    for await (const page of source.read({ list, from: beginning(), signal, onRequest: () => undefined })) {
      yield* flightsOf(page, redact);
      received = page.next.offset;
      total = page.next.total;
    }
  } catch (error) {
    throw error instanceof StepError ? translate(error) : error;
  }
  if (total !== null && received !== total) {
    throw new AviationStackError(
      'list_changed',
      `${received} flights of ${date} came and the API counts ${total}: the list changed while it was read, read it again`,
      { temporary: true },
    );
  }
}

const answer = z.object({ data: z.array(z.unknown()) });

function flightsOf(page: Page, redact: (text: string) => string): Flight[] {
  return answer.parse(parseJson(page.body)).data.map((record, index) => {
    const parsed = flightRecord.safeParse(record);
    if (parsed.success) return parsed.data;
    throw new AviationStackError(
      'unexpected_answer',
      `flight ${index + 1} of page ${page.index} is not as documented: ${redact(z.prettifyError(parsed.error))}`,
    );
  });
}

function check({
  accessKey,
  date,
  pageSize = PAGE_SIZE,
  maxRequests = MAX_REQUESTS,
  attempts = ATTEMPTS,
}: FetchFlightsOptions): void {
  if (accessKey === '') {
    throw new AviationStackError('missing_access_key', 'accessKey is empty: give the key of your account');
  }
  if (!isPartition(date)) {
    throw new AviationStackError('invalid_argument', `date must be a day such as 2026-01-31, not "${date}"`);
  }
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw new AviationStackError('invalid_argument', `pageSize must be 1 to 1,000, not ${pageSize}`);
  }
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 20) {
    throw new AviationStackError('invalid_argument', `attempts must be 1 to 20, not ${attempts}`);
  }
  if (!Number.isInteger(maxRequests) || maxRequests < 1) {
    throw new AviationStackError('invalid_argument', `maxRequests must be 1 or more, not ${maxRequests}`);
  }
}

/** The call as an extract of the language, so that steps and this function share every rule. */
function extractOf(options: FetchFlightsOptions): HttpExtract {
  const query: Record<string, string | undefined> = {
    flight_date: options.date,
    airline_iata: options.airline,
    flight_status: options.flightStatus,
    dep_iata: options.departureIata,
    arr_iata: options.arrivalIata,
  };
  const source = httpSource.parse({
    kind: 'http',
    base_url: options.baseUrl ?? BASE_URL,
    auth: { kind: 'api_key', in: 'query', name: 'access_key', secret: 'accessKey' },
    rate_limit: { requests: 5, per: '1s' },
    max_requests: options.maxRequests ?? MAX_REQUESTS,
    retry: { attempts: options.attempts ?? ATTEMPTS },
    errors: [
      // biome-ignore lint/suspicious/noThenProperty: the language's word for what a rule does
      { body: 'error.code', in: RETRIED, then: 'retry' },
      // biome-ignore lint/suspicious/noThenProperty: the language's word for what a rule does
      { body: 'error.code', in: FINAL, then: 'fail' },
    ],
  });
  const rest = extractSpec.omit({ source: true, slices: true }).parse({
    path: '/flights',
    query: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
    paginate: { kind: 'offset', page_size: options.pageSize ?? PAGE_SIZE, total: 'pagination.total' },
    records: 'data',
  });
  return { ...rest, source };
}

function translate(error: StepError): AviationStackError {
  const temporary = error.exit === EXIT.temporary;
  if (!(error instanceof HttpFailure)) {
    const code = error instanceof BudgetSpent ? 'request_budget' : 'invalid_argument';
    return new AviationStackError(code, error.message);
  }
  const { status } = error;
  const code = error.code ?? (temporary ? 'unavailable' : 'unexpected_answer');
  return new AviationStackError(code, error.message, { status, temporary });
}
