import type { Clock } from '../../adapters/http/clock.ts';
import type { Retry } from '../../adapters/http/send.ts';
import type { JobExtract } from '../../adapters/http/url.ts';
import type { StepContext, Work } from '../../context.ts';
import type { Source } from '../../ports/source.ts';

export interface SourceOptions {
  clock: Clock;
  /** From 0 to below 1; draws the waits between retries. */
  random?: () => number;
}

/** The source of an extract, one for all partitions of a run; its adapter is loaded only here. */
export async function openSource(
  context: StepContext,
  extract: JobExtract,
  work: readonly Work[],
  options: SourceOptions,
): Promise<Source> {
  const { log, redact, environment } = context;
  const { source } = extract;
  const common = {
    ...options,
    redact,
    environment,
    secret: (variable: string) => context.secret(variable),
    group: context.identity.group,
    requestsUsed: work.reduce((sum, one) => sum + one.requestsUsed, 0),
    onRetry: ({ url, what, status, wait, attempt, attempts }: Retry) => {
      log.warn(
        { event: 'request_retry', url, status, wait_ms: wait, attempt, attempts },
        `${url}: ${what}; request ${attempt} of ${attempts}, the next in ${wait} ms`,
      );
    },
  };
  if (source.kind === 'handler') {
    const { createTransport } = await import('../../adapters/http/create-transport.ts');
    const { openHandlerSource } = await import('../../adapters/handler/open-handler-source.ts');
    const transport = createTransport({ ...common, source, maxRequests: extract.max_requests });
    return openHandlerSource(context, source, transport);
  }
  const { createHttpSource } = await import('../../adapters/http/http-source.ts');
  return createHttpSource({
    ...common,
    extract: { ...extract, source },
    onAbsence: ({ url, status, wait }) => {
      log.info(
        { event: 'file_missing', url, status, wait_ms: wait },
        `${url} answered ${status}: it is not there yet, asked for again in ${Math.round(wait / 1000)} s`,
      );
    },
  });
}
