import { EXIT } from '../../../spec/exit-codes.ts';
import { milliseconds } from '../../../spec/quantities.ts';
import { readRetryAfter, waitAfter } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { HttpRequest } from './exchange.ts';
import { HttpFailure } from './failure.ts';
import { type Asked, follow, type Sender } from './follow.ts';
import { shownOf } from './reach.ts';
import type { PageAnswer } from './transport.ts';
import { Damaged, Loop, NotAPage } from './unusable.ts';
import { excerpt } from './verdict.ts';

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

export interface RetryingSender extends Sender {
  clock: Clock;
  random: () => number;
  onRetry(retry: Retry): void;
}

export interface SendRequest<Value> {
  request: HttpRequest;
  /** Whether a success must be JSON. */
  json: boolean;
  /** Path of the list of records in that JSON; it is only counted. */
  records: string;
  signal: AbortSignal;
  onRequest(): void;
  accept(answer: PageAnswer): Value | Promise<Value>;
}

type Trouble = { kind: 'temporary' | 'final' | 'not_a_page'; what: string; hint?: string } & {
  status: number | null;
  code: string | null;
  asked?: number | undefined;
};

/**
 * Asks for a page until it is there: temporary trouble is asked again, after a wait, until attempts, deadline or
 * budget are at an end. An answer that is fine but holds no page is asked for once more and is bad data then: a
 * provider's slip is over by the second time, a wrong path in the spec is not. A token that is refused is renewed
 * once.
 */
export async function send<Value>(sender: RetryingSender, sending: SendRequest<Value>): Promise<Value> {
  const { gate, clock, random } = sender;
  const { retry } = sender.source;
  const { signal } = sending;
  const shown = shownOf(sending.request.url, sender.base(), sender.redact);
  const backoff = { initial: milliseconds(retry.backoff.initial), max: milliseconds(retry.backoff.max) };
  const deadline = milliseconds(retry.deadline);
  let began: number | undefined;
  let last: string | undefined;
  let withoutPage = 0;
  let renewed = false;
  const onRequest = () => {
    began ??= clock.now();
    sending.onRequest();
  };

  for (let attempt = 1; ; attempt += 1) {
    const asked = await follow(sender, { ...sending, last, onRequest });
    const { status, signed } = asked;
    if (status === 401 && !renewed && signed !== undefined && sender.credentials.renew(signed)) {
      renewed = true;
      last = 'answered 401';
      attempt -= 1;
      continue;
    }
    const result = await read(asked, sender, sending);
    if ('value' in result) return result.value;

    const { trouble } = result;
    last = trouble.what;
    if (trouble.kind === 'not_a_page') withoutPage += 1;
    const ended = trouble.kind === 'final' || withoutPage === 2 || attempt === retry.attempts;
    if (ended) throw failure(shown, trouble, attempt, '');
    const wait = waitAfter(attempt, backoff, trouble.asked, random);
    if (clock.now() + wait - (began ?? clock.now()) > deadline) {
      const tooLong = `; it asks to wait ${Math.round(wait / 1000)} s, and the deadline of ${retry.deadline} comes first`;
      const over = `; the deadline of ${retry.deadline} is over`;
      throw failure(shown, trouble, attempt, wait === trouble.asked ? tooLong : over);
    }
    // The API counts requests by key, so what it asks of one slice holds for all.
    if (trouble.asked !== undefined) gate.holdUntil(clock.now() + wait);
    sender.onRetry({ url: shown, what: trouble.what, status, wait, attempt, attempts: retry.attempts });
    await clock.sleep(wait, signal);
  }
}

async function read<Value>(
  asked: Asked,
  sender: RetryingSender,
  sending: SendRequest<Value>,
): Promise<{ value: Value } | { trouble: Trouble }> {
  const { verdict, status, headers, body } = asked;
  if (verdict.kind !== 'accepted') {
    const wish = readRetryAfter(headers['retry-after'], sender.clock.now());
    return { trouble: { ...verdict, status, asked: wish } };
  }
  const { code } = verdict;
  try {
    return { value: await sending.accept({ headers, body, document: verdict.document, list: verdict.list }) };
  } catch (error) {
    if (error instanceof NotAPage || error instanceof Damaged) {
      const what = `${error.message}${excerpt(body, sender.redact)}`;
      const kind = error instanceof Damaged ? 'temporary' : 'not_a_page';
      return { trouble: { kind, what, status, code } };
    }
    if (error instanceof Loop) {
      return { trouble: { kind: 'final', what: error.message, status, code: null, hint: error.hint } };
    }
    throw error;
  }
}

function failure(shown: string, trouble: Trouble, attempt: number, why: string): HttpFailure {
  const { kind, what, hint, status, code } = trouble;
  const asked = attempt === 1 && why === '' ? '' : ` (asked ${times(attempt)}${why})`;
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

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
