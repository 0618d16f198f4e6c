import { milliseconds } from '../../../spec/quantities.ts';
import { configuration } from '../../errors.ts';
import { BEGINNING, type Page, type Source } from '../../ports/source.ts';
import { createBudget } from './budget.ts';
import { type Clock, systemClock } from './clock.ts';
import { createGate } from './gate.ts';
import { createMask, signer } from './key.ts';
import { advance, type PageForm } from './page.ts';
import { type Retry, type Sender, send } from './send.ts';
import { type JobExtract, pageUrl, printable } from './url.ts';
import { parseJson } from './verdict.ts';

export interface HttpSourceOptions {
  extract: JobExtract;
  /** The key's value, where the source has `auth`. */
  key: string | undefined;
  /** Removes secrets from whatever is printed. */
  redact(text: string): string;
  /** Requests that earlier tries of this run have made; they count against the budget. */
  requestsUsed?: number;
  onRetry?(retry: Retry): void;
  clock?: Clock;
  /** From 0 to below 1; draws the waits between retries. */
  random?: () => number;
}

/** A source of kind http. One of them for all partitions of a run: budget and rate limit are its own. */
export function createHttpSource(options: HttpSourceOptions): Source {
  const { extract, key, redact, clock = systemClock } = options;
  const { source: spec, paginate } = extract;
  const sign = signer(spec.auth, key);
  const mask = createMask(key);
  const form: PageForm = { records: extract.records, paginate };
  const limit = spec.rate_limit;
  const sender: Sender = {
    spec,
    gate: createGate(limit && { requests: limit.requests, per: milliseconds(limit.per) }, clock),
    budget: createBudget(
      { source: spec.max_requests, extract: extract.max_requests },
      options.requestsUsed ?? 0,
    ),
    clock,
    random: options.random ?? Math.random,
    redact,
    onRetry: options.onRetry ?? (() => undefined),
  };

  return {
    describe: (partition, slice) => redact(printable(pageUrl(extract, partition, slice, BEGINNING))),

    advance: (from, body) => advance(from, parseJson(body), form),

    async *readSlice({ partition, slice, from, signal, onRequest }) {
      for (let position = from; !position.ended; ) {
        const here = position;
        if (paginate.kind === 'offset' && here.page > paginate.max_pages) {
          throw configuration(
            `${redact(printable(pageUrl(extract, partition, slice, here)))}: ${paginate.max_pages} pages were read and there is no end. If that many are right, raise paginate.max_pages`,
          );
        }
        const url = pageUrl(extract, partition, slice, here);
        const page: Page = await send(sender, {
          ...sign(url),
          shown: redact(printable(url)),
          signal,
          onRequest,
          accept: (document, body) => ({
            ...advance(here, document, form),
            index: here.page,
            body: mask(body),
          }),
        });
        yield page;
        position = page.next;
      }
    },
  };
}
