import type { LookupFunction } from 'node:net';
import type { OAuth2 } from '../../../spec/auth.ts';
import { milliseconds } from '../../../spec/quantities.ts';
import { type SliceGroup, shareOf } from '../../../spec/slice-group.ts';
import type { Source } from '../../../spec/source.ts';
import { configuration } from '../../errors.ts';
import { type Redactor, SHORTEST_SECRET } from '../../redact.ts';
import { createAgents } from './agents.ts';
import { type Credentials, NO_CREDENTIALS } from './auth/credentials.ts';
import { fixedSecret, requireClean } from './auth/fixed-secret.ts';
import { clientCredentials, readToken, tokenRequest } from './auth/oauth2.ts';
import { createBudget } from './budget.ts';
import { type Clock, systemClock } from './clock.ts';
import { createGate } from './gate.ts';
import { createMask, type Mask, SHORTEST_TO_MASK } from './mask.ts';
import { originOf } from './reach.ts';
import { type Retry, type RetryingSender, send } from './send.ts';
import type { Transport } from './transport.ts';
import { parseJson } from './verdict.ts';

export interface TransportOptions {
  source: Source;
  /** Value of a secret by the name of its environment variable. */
  secret(variable: string): string;
  /** Removes secrets from whatever is printed; learns of those that come while requests are made. */
  redact: Redactor;
  /** A lower budget than the source has. */
  maxRequests?: number | undefined;
  /** Of the slices: this container has its share of the rate and of the budget. */
  group?: SliceGroup | undefined;
  /** Requests that earlier tries of this run have made; they count against the budget. */
  requestsUsed?: number | undefined;
  onRetry?: ((retry: Retry) => void) | undefined;
  clock?: Clock | undefined;
  /** From 0 to below 1; draws the waits between retries. */
  random?: (() => number) | undefined;
  /** Proxies and certificates come from it. */
  environment?: NodeJS.ProcessEnv | undefined;
  /** How names become addresses. */
  lookup?: LookupFunction | undefined;
}

export interface HttpTransport extends Transport {
  /** Waits for the rate limit and counts one request that goes another way than through `send`. */
  spend(signal: AbortSignal): Promise<void>;
}

/** What sends the requests of one source. One of them for all partitions of a run: budget and rate limit are its own. */
export function createTransport(options: TransportOptions): HttpTransport {
  const { source, redact, group, clock = systemClock } = options;
  const limit = source.rate_limit;
  const auth = source.kind === 'http' ? source.auth : undefined;
  const mask = createMask(auth === undefined || auth.kind === 'oauth2' ? [] : [options.secret(auth.secret)]);
  const common = {
    source,
    agents: createAgents({
      allowLinkLocal: source.allow_link_local,
      environment: options.environment ?? process.env,
      lookup: options.lookup,
    }),
    gate: createGate(
      limit && { requests: ownShare(limit.requests, 'rate_limit', group), per: milliseconds(limit.per) },
      clock,
    ),
    budget: createBudget(
      {
        source: ownShare(source.max_requests, 'max_requests', group),
        extract: options.maxRequests && ownShare(options.maxRequests, 'max_requests', group),
        ...(group === undefined ? {} : { shares: group.of }),
      },
      options.requestsUsed ?? 0,
    ),
    clock,
    random: options.random ?? Math.random,
    redact,
    onRetry: options.onRetry ?? (() => undefined),
  };
  let credentials: Credentials = NO_CREDENTIALS;
  if (auth?.kind === 'oauth2') credentials = oauth2(auth, common, options, mask);
  else if (auth !== undefined) credentials = fixedSecret(auth, options.secret(auth.secret));
  const sender: RetryingSender = {
    ...common,
    headers: source.kind === 'http' ? source.headers : {},
    base: () => (source.kind === 'http' ? originOf(source.base_url, 'base_url') : undefined),
    credentials,
  };
  return {
    send: ({ url, method, headers, body, format, records = '', signal, onRequest, accept }) => {
      const json = format === 'json';
      const kept = { Accept: json ? 'application/json' : '*/*', ...headers };
      const request = {
        method,
        url,
        headers: kept,
        body: body === undefined ? undefined : { text: body, type: 'application/json' },
      };
      return send(sender, { request, json, records, signal, onRequest, accept });
    },
    mask: (body) => mask(body),
    async spend(signal) {
      await common.gate.pass(signal);
      common.budget.spend(undefined);
    },
  };
}

/** What containers that know nothing of each other may do, so that together they do not more than the whole. */
function ownShare(requests: number, key: string, group: SliceGroup | undefined): number {
  const share = group === undefined ? requests : shareOf(requests, group);
  if (share > 0) return share;
  throw configuration(
    `${key} has ${requests} requests for ${group?.of} groups of slices: raise it, or lower slices.pods`,
  );
}

/** The token's server is asked by the same rules as the API, but for its errors and its credentials. */
function oauth2(
  auth: OAuth2,
  common: Omit<RetryingSender, 'headers' | 'base' | 'credentials'>,
  { secret, redact }: TransportOptions,
  mask: Mask,
): Credentials {
  const id = secret(auth.client_id);
  const key = secret(auth.client_secret);
  requireClean(id, auth.client_id, false);
  requireClean(key, auth.client_secret, false);
  mask.add(key);
  // It never travels to the API, and a short one may stand in data by chance.
  if (id.length >= SHORTEST_TO_MASK) mask.add(id);
  const { clock, source } = common;
  const base = () => originOf(auth.token_url, 'auth.token_url');
  const sender: RetryingSender = {
    ...common,
    source: { ...source, errors: [], allow_hosts: [] },
    headers: {},
    base,
    credentials: NO_CREDENTIALS,
  };
  const fetchToken = async (signal: AbortSignal, onRequest: () => void) => {
    const request = tokenRequest(auth, new URL(base()), id, key);
    // Not as JSON: an answer in another form would be quoted in a message, with the token in it.
    const accept = ({ body }: { body: Buffer }) => readToken(parseJson(body), clock.now());
    const token = await send(sender, { request, json: false, records: '', signal, onRequest, accept });
    // A shorter one can't be told from ordinary text.
    if (token.value.length >= SHORTEST_SECRET) redact.add(token.value);
    if (token.value.length >= SHORTEST_TO_MASK) mask.add(token.value);
    return token;
  };
  return clientCredentials(fetchToken, clock);
}
