import { EXIT } from '../../../spec/exit-codes.ts';
import { configuration, StepError } from '../../errors.ts';
import { Passing } from './retries.ts';

/** An answer that is not a success, its body as text. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Reasons of a 403 that time mends. https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes */
const LIMITS = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded']);

/** What an answer means that no caller has a use for. Neither credentials nor the address of an upload is in it. */
export function refusalOf(refusal: Refusal, bucket: string): Error {
  const { status } = refusal;
  const { message, reason } = explanation(refusal.text);
  const said = `HTTP ${status}${message === '' ? '' : ` (${message})`}`;
  if (status === 408 || status === 429 || status >= 500 || (status === 403 && LIMITS.has(reason))) {
    return new Passing(said, retryAfter(refusal.headers));
  }
  if (status === 401) {
    return configuration(
      `gs://${bucket} refused the credentials, ${said}: see which account they are of and whether they are still valid`,
    );
  }
  if (status === 403) {
    return configuration(
      `these credentials may not do that in gs://${bucket}, ${said}: give their account the role "Storage Object User" (roles/storage.objectUser) on the bucket ${bucket}`,
    );
  }
  // The server compares what came with the checksum that was sent along.
  if (status === 400 && /md5|crc32c|checksum/i.test(message)) return new Passing(said);
  return new StepError(EXIT.defect, `gs://${bucket} did not understand a request of pipegen, ${said}`);
}

export function noBucket(bucket: string): StepError {
  return configuration(
    `there is no bucket "${bucket}", or these credentials may not see it: create it, or set store.bucket of the environment`,
  );
}

function explanation(text: string): { message: string; reason: string } {
  let message = text;
  let reason = '';
  try {
    const { error } = JSON.parse(text) as {
      error?: { message?: unknown; errors?: { reason?: unknown }[] };
    };
    message = String(error?.message ?? '');
    reason = String(error?.errors?.[0]?.reason ?? '');
  } catch {
    // Media and proxies answer in plain text or HTML.
  }
  return { message: message.replace(/\s+/g, ' ').trim().slice(0, 300), reason };
}

function retryAfter(headers: Headers): number {
  const text = headers.get('retry-after');
  if (text === null) return 0;
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(milliseconds, 0) : 0;
}
