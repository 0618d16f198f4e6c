/**
 * What can go wrong, as `AviationStackError.code`.
 *
 * | code | status | temporary | meaning and what to do |
 * |---|---|---|---|
 * | `invalid_access_key` | 401 | no | the key is wrong: copy it again from the dashboard |
 * | `missing_access_key` | 401, null | no | no key was given |
 * | `inactive_user` | 401 | no | the account is not active |
 * | `https_access_restricted` | 403 | no | the plan does not include HTTPS |
 * | `function_access_restricted` | 403 | no | the plan does not include this: the free one has no `date` |
 * | `validation_error` | 4xx | no | the API refuses a parameter; the message names it |
 * | `invalid_api_function`, `404_not_found` | 404 | no | `baseUrl` is wrong |
 * | `usage_limit_reached` | 429 | no | the month's quota is used up: wait for the next month or a larger plan |
 * | `rate_limit_reached` | 429 | yes | too many requests at once, also after waits |
 * | `internal_error` | 500 | yes | the provider's trouble, also after waits |
 * | `unavailable` | any, null | yes | no answer, a broken one or a 5xx, also after waits |
 * | `list_changed` | null | yes | another number of flights came than the API counts: the list moved, read it again |
 * | `unexpected_answer` | any, null | no | an answer that is none of the documented ones |
 * | `request_budget` | null | no | `maxRequests` is used up |
 * | `invalid_argument` | null | no | an argument of the call is wrong; nothing was asked |
 *
 * Any other code is one that the API sent and does not document. A status can also be 200: the API is known to send
 * errors with it.
 */
export type AviationStackErrorCode =
  | 'invalid_access_key'
  | 'missing_access_key'
  | 'inactive_user'
  | 'https_access_restricted'
  | 'function_access_restricted'
  | 'validation_error'
  | 'invalid_api_function'
  | '404_not_found'
  | 'usage_limit_reached'
  | 'rate_limit_reached'
  | 'internal_error'
  | 'unavailable'
  | 'list_changed'
  | 'unexpected_answer'
  | 'request_budget'
  | 'invalid_argument'
  | (string & {});

/** Codes of the API, by what a retry can do. */
export const RETRIED = ['rate_limit_reached', 'internal_error'];
export const FINAL = [
  'usage_limit_reached',
  'invalid_access_key',
  'missing_access_key',
  'inactive_user',
  'https_access_restricted',
  'function_access_restricted',
  'validation_error',
  'invalid_api_function',
  '404_not_found',
];

/** Its message never holds the key, and it has no `cause`. */
export class AviationStackError extends Error {
  override readonly name = 'AviationStackError';
  readonly code: AviationStackErrorCode;
  /** HTTP status of the answer; null where there was none. */
  readonly status: number | null;
  /** Whether the same call can succeed later. */
  readonly temporary: boolean;

  constructor(
    code: AviationStackErrorCode,
    message: string,
    options: { status?: number | null; temporary?: boolean } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? null;
    this.temporary = options.temporary ?? false;
  }
}
