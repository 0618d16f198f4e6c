import { EXIT } from '../../../spec/exit-codes.ts';
import { milliseconds } from '../../../spec/quantities.ts';
import type { Source as SourceSpec } from '../../../spec/source.ts';
import { readRetryAfter, waitAfter } from './backoff.ts';
import type { Budget } from './budget.ts';
import type { Clock } from './clock.ts';
import { type Exchange, exchange, MAX_BODY_BYTES } from './exchange.ts';
import { HttpFailure } from './failure.ts';
import type { Gate } from './gate.ts';
import { Loop, NotAPage } from './page.ts';
import { excerpt, judge } from './verdict.ts';

/** A request that will be made again. */
export interface Retry {
  /** Without the key. */
  url: string;
  /** What happened, as a sentence without its subject. */
  what: string;
  status: number | null;
  /** Milliseconds until the next request. */
  wait: number;
  /** The number of the request that failed, from 1, and how many there may be. */
  attempt: number;
  attempts: number;
}

export interface Sender {
  spec: SourceSpec;
  gate: Gate;
  budget: Budget;
  clock: Clock;
  random: () => number;
  redact: (text: string) => string;
  onRetry(retry: Retry): void;
}

export interface PageRequest<Value> {
  url: URL;
  headers: Record<string, string>;
  /** The address for messages, without the key. */
  shown: string;
  signal: AbortSignal;
  onRequest(): void;
  /** What the document is worth; throws `NotAPage` or `Loop`. */
  accept(document: unknown, body: Buffer): Value;
}

type Trouble = { kind: 'temporary' | 'final' | 'not_a_page'; what: string; hint?: string } & {
  status: number | null;
  code: string | null;
  asked?: number | undefined;
};

/**
 * Asks for a page until it is there: temporary trouble is asked again, after a wait, until attempts, deadline or
 * budget are at an end. An answer that is fine but holds no page is asked for once more and is bad data then: a
 * provider's slip is over by the second time, a wrong path in the spec is not.
 */
export async function send<Value>(sender: Sender, request: PageRequest<Value>): Promise<Value> {
  const { spec, gate, budget, clock, random } = sender;
  const { attempts } = spec.retry;
  const backoff = {
    initial: milliseconds(spec.retry.backoff.initial),
    max: milliseconds(spec.retry.backoff.max),
  };
  const deadline = milliseconds(spec.retry.deadline);
  let began: number | undefined;
  let last: string | undefined;
  let withoutPage = 0;

  for (let attempt = 1; ; attempt += 1) {
    await gate.pass(request.signal);
    budget.spend(last);
    began ??= clock.now();
    request.onRequest();
    const came = await exchange(request.url, request.headers, milliseconds(spec.timeout), request.signal);
    const result = read(came, sender, request);
    if ('value' in result) return result.value;

    const { trouble } = result;
    last = trouble.what;
    if (trouble.kind === 'not_a_page') withoutPage += 1;
    const ended = trouble.kind === 'final' || withoutPage === 2 || attempt === attempts;
    if (ended) throw failure(request.shown, trouble, attempt, '');
    const wait = waitAfter(attempt, backoff, trouble.asked, random);
    if (clock.now() + wait - began > deadline) {
      throw failure(request.shown, trouble, attempt, `; the deadline of ${spec.retry.deadline} is over`);
    }
    // The API counts requests by key, so what it asks of one slice holds for all.
    if (trouble.asked !== undefined) gate.holdUntil(clock.now() + wait);
    const { what, status } = trouble;
    sender.onRetry({ url: request.shown, what, status, wait, attempt, attempts });
    await clock.sleep(wait, request.signal);
  }
}

function read<Value>(
  came: Exchange,
  sender: Sender,
  request: PageRequest<Value>,
): { value: Value } | { trouble: Trouble } {
  if (came.kind === 'broken') {
    return { trouble: { kind: 'temporary', what: came.reason, status: came.status, code: null } };
  }
  const { status } = came;
  if (came.kind === 'too_large') {
    const what = `answered with more than ${MAX_BODY_BYTES / 1024 / 1024} MiB`;
    return {
      trouble: {
        kind: 'final',
        what,
        status,
        code: null,
        hint: 'Ask for less at a time: a smaller page_size',
      },
    };
  }
  const verdict = judge(came, sender.spec.errors, sender.redact);
  if (verdict.kind !== 'accepted') {
    const asked = readRetryAfter(came.retryAfter, sender.clock.now());
    return { trouble: { ...verdict, status, asked } };
  }
  try {
    return { value: request.accept(verdict.document, came.body) };
  } catch (error) {
    if (error instanceof NotAPage) {
      const what = `${error.message}${excerpt(came.body, sender.redact)}`;
      return { trouble: { kind: 'not_a_page', what, status, code: verdict.code } };
    }
    if (error instanceof Loop) {
      const what = 'answered with the same records as on the page before';
      const hint = 'It seems to ignore where a page begins: check paginate.offset_param';
      return { trouble: { kind: 'final', what, status, code: null, hint } };
    }
    throw error;
  }
}

function failure(shown: string, trouble: Trouble, attempt: number, why: string): HttpFailure {
  const { kind, what, hint, status, code } = trouble;
  const asked = attempt === 1 ? '' : ` (asked ${attempt} times${why})`;
  const cause = `${shown}: ${what}${asked}`;
  const answer = { status, code };
  if (kind === 'final') return new HttpFailure(EXIT.configuration, `${cause}. ${hint}`, answer);
  if (kind === 'temporary') return new HttpFailure(EXIT.temporary, `${cause}. Try again later`, answer);
  return new HttpFailure(
    EXIT.badData,
    `${cause}. Check records and paginate.total of the extract, and whether errors of the source has a rule for this answer`,
    answer,
  );
}
