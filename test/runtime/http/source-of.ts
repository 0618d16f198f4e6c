import { createHttpSource, type HttpSourceOptions } from '../../../src/runtime/adapters/http/http-source.ts';
import type { HttpExtract, JobExtract } from '../../../src/runtime/adapters/http/url.ts';
import { beginning, type List, type Page, type Source } from '../../../src/runtime/ports/source.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { extract as extractSpec } from '../../../src/spec/extract.ts';
import { httpSource } from '../../../src/spec/http-source.ts';
import { collect } from './collect.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const KEY = '0123456789abcdef/+key 0123456789';

export const RULES = [
  // biome-ignore lint/suspicious/noThenProperty: the language's word
  { body: 'error.code', in: ['rate_limit_reached', 'internal_error'], then: 'retry' },
  // biome-ignore lint/suspicious/noThenProperty: the language's word
  { body: 'error.code', in: ['usage_limit_reached', 'invalid_access_key'], then: 'fail' },
] as const;

export interface Overrides {
  source?: Record<string, unknown>;
  extract?: Record<string, unknown>;
  slices?: JobExtract['slices'];
}

/** An extract of the flights pipeline, as a job holds it. */
export function extractOf(baseUrl: string, overrides: Overrides = {}): HttpExtract {
  const rest = extractSpec.omit({ source: true, slices: true }).parse({
    path: '/v1/flights',
    query: { flight_date: '${partition}' },
    paginate: { kind: 'offset', page_size: 100, total: 'pagination.total' },
    records: 'data',
    ...overrides.extract,
  });
  const source = httpSource.parse({
    kind: 'http',
    base_url: baseUrl,
    auth: { kind: 'api_key', in: 'query', name: 'access_key', secret: 'API_KEY' },
    errors: RULES,
    ...overrides.source,
  });
  return { ...rest, source, ...(overrides.slices === undefined ? {} : { slices: overrides.slices }) };
}

export function sourceOf(
  baseUrl: string,
  overrides: Overrides & { options?: Partial<HttpSourceOptions> } = {},
): Source {
  return createHttpSource({
    extract: extractOf(baseUrl, overrides),
    secret: () => KEY,
    redact: createRedactor([KEY]),
    clock: createVirtualClock(),
    random: () => 0.5,
    ...overrides.options,
  });
}

/** The list of records of the test's day. */
export function listOf(values: List['values'] = {}, slice: string | null = null): List {
  return { of: 'records', partition: '2026-01-31', slice, values: { partition: '2026-01-31', ...values } };
}

export async function readAll(
  source: Source,
  options: { list?: List; signal?: AbortSignal; onRequest?: () => void } = {},
): Promise<Page[]> {
  const { list = listOf(), signal = new AbortController().signal, onRequest = () => undefined } = options;
  return collect(source.read({ list, from: beginning(), signal, onRequest }));
}
