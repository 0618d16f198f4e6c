import { bytes, milliseconds } from '../../../spec/quantities.ts';
import type { Source } from '../../../spec/source.ts';
import { findListBeside } from '../../find-list-beside.ts';
import type { Agents } from './agents.ts';
import type { Credentials, Signed } from './auth/credentials.ts';
import type { Budget } from './budget.ts';
import { type Exchange, exchange, type Headers, type HttpRequest, type Limits } from './exchange.ts';
import type { Gate } from './gate.ts';
import { reachOf } from './reach.ts';
import { redirected, withoutSecrets } from './redirect.ts';
import { judge, readJson, type Verdict } from './verdict.ts';

/** What requests of one source have in common. */
export interface Sender {
  source: Source;
  /** With every request to the source's own origin. */
  headers: Readonly<Record<string, string>>;
  /** The address whose origin gets the credentials; undefined: the origin of the request. */
  base(): URL | undefined;
  credentials: Credentials;
  agents: Agents;
  gate: Gate;
  budget: Budget;
  redact: (text: string) => string;
}

export interface Asking {
  request: HttpRequest;
  /** Whether a success must be JSON. */
  json: boolean;
  /** Path of the list of records in that JSON. */
  records: string;
  signal: AbortSignal;
  /** What became of the request before, for the message of a budget that is used up. */
  last: string | undefined;
  onRequest(): void;
}

/** The answer at the end of all redirects. */
export interface Asked {
  verdict: Exclude<Verdict, { kind: 'redirect' }>;
  status: number | null;
  headers: Headers;
  body: Buffer;
  /** What went with the last request, where it was to the source's own origin. */
  signed: Signed | undefined;
}

const MOST_REDIRECTS = 5;
const NOTHING = Buffer.alloc(0);

/**
 * One request and what it is redirected to, each of them through rate limit and budget. Credentials and the headers of
 * the spec go to the origin of `base_url` alone. Throws `BudgetSpent` and the reason of the aborted signal.
 */
export async function follow(sender: Sender, asking: Asking): Promise<Asked> {
  const { source, agents, gate, budget, redact } = sender;
  const { signal } = asking;
  const base = sender.base() ?? asking.request.url;
  const limits = limitsOf(source);
  let next = asking.request;
  for (let redirects = 0; ; redirects += 1) {
    const reach = reachOf(next.url, base, source.allow_hosts);
    const how = redirects === 0 ? 'is at' : 'redirects to';
    if (reach.kind === 'refused') {
      return end(`${how} ${redact(next.url.host)}, ${reach.why}`, reach.hint);
    }
    let signed: Signed | undefined;
    let request = next;
    if (reach.kind === 'own') {
      signed = await sender.credentials.sign(next.url, signal, asking.onRequest);
      request = {
        ...next,
        url: signed.url,
        headers: { ...sender.headers, ...next.headers, ...signed.headers },
      };
    } else {
      const url = withoutSecrets(next.url, redact);
      if (url === undefined) {
        const hint = 'Ask the API’s maker for addresses without it';
        return end(`${how} ${redact(next.url.host)}, with the key in the path`, hint);
      }
      const { Accept = '*/*' } = next.headers;
      request = { ...next, url, headers: { Accept } };
    }
    await gate.pass(signal);
    budget.spend(asking.last);
    asking.onRequest();
    const came = await exchange(request, agents, limits, signal);
    const found = await read(came, sender, asking);
    if (found.verdict.kind !== 'redirect') {
      return { ...found, verdict: found.verdict, signed };
    }
    const { location } = found.verdict;
    const target = redirected(next, found.status ?? 0, location);
    if (target === undefined) {
      const hint = 'Ask the API’s maker, or set base_url to the final address';
      return end(`answered ${found.status}, a redirect to what is no address`, hint);
    }
    if (redirects === MOST_REDIRECTS) {
      const hint = 'Set base_url to the final address, or ask the API’s maker';
      return end(`redirects more than ${MOST_REDIRECTS} times`, hint);
    }
    next = target;
  }
}

async function read(
  came: Exchange,
  { source, redact }: Sender,
  { json, records }: Asking,
): Promise<{ verdict: Verdict; status: number | null; headers: Headers; body: Buffer }> {
  if (came.kind === 'broken') {
    const verdict: Verdict = { kind: 'temporary', what: came.reason, code: null };
    return { verdict, status: came.status, headers: {}, body: NOTHING };
  }
  if (came.kind === 'refused') {
    const verdict: Verdict = { kind: 'final', what: came.reason, code: null, hint: came.hint };
    return { verdict, status: null, headers: {}, body: NOTHING };
  }
  const { status, headers } = came;
  if (came.kind === 'answer') {
    const found = json ? await findListBeside(came.body, records) : undefined;
    const asJson = (body: Buffer) => readJson(body, records, found);
    return { verdict: judge(came, source.errors, json, redact, asJson), status, headers, body: came.body };
  }
  if (status >= 200 && status < 300) {
    const what = `answered with more than ${source.max_response}`;
    const hint = 'Ask for less at a time, such as a smaller page_size, or raise max_response of the source';
    return { verdict: { kind: 'final', what, code: null, hint }, status, headers, body: NOTHING };
  }
  // An error of that size is still an error: its status says which.
  const verdict = judge({ status, headers, body: NOTHING }, source.errors, json, redact);
  return { verdict, status, headers, body: NOTHING };
}

function end(what: string, hint: string): Asked {
  const verdict = { kind: 'final', what, code: null, hint } as const;
  return { verdict, status: null, headers: {}, body: NOTHING, signed: undefined };
}

function limitsOf(source: Source): Limits {
  return {
    total: milliseconds(source.timeout),
    connect: milliseconds(source.connect_timeout),
    idle: milliseconds(source.idle_timeout),
    bytes: bytes(source.max_response),
    allowLinkLocal: source.allow_link_local,
  };
}
