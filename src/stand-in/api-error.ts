/** The documented errors, each with its status and message: https://aviationstack.com/documentation, "API Errors". */
const DOCUMENTED = {
  invalid_access_key: [401, 'An invalid API access key was supplied.'],
  missing_access_key: [401, 'No API access key was supplied.'],
  inactive_user: [401, 'The given user account is inactive.'],
  https_access_restricted: [403, 'HTTPS access is not supported on the current subscription plan.'],
  function_access_restricted: [
    403,
    'The given API endpoint is not supported on the current subscription plan.',
  ],
  invalid_api_function: [404, 'The given API endpoint does not exist.'],
  '404_not_found': [404, 'Resource not found.'],
  usage_limit_reached: [429, 'The given user account has reached its monthly allowed request volume.'],
  rate_limit_reached: [429, 'The given user account has reached the rate limit.'],
  internal_error: [500, 'An internal error occurred.'],
  // The documentation shows its body and does not name its status.
  validation_error: [422, 'Request failed with validation error'],
} as const satisfies Record<string, readonly [number, string]>;

export type ApiErrorCode = keyof typeof DOCUMENTED;

/** Name of a parameter: what is wrong with it. */
export type ValidationContext = Record<string, { key: string; message: string }[]>;

/** What is answered: a status and the text of a JSON body. */
export interface Answer {
  status: number;
  body: string;
}

export function apiError(code: ApiErrorCode, context?: ValidationContext): Answer {
  const [status, message] = DOCUMENTED[code];
  return { status, body: written({ error: { code, message, ...(context && { context }) } }) };
}

/** An error under any code and status, for faults; a documented code keeps its message. */
export function errorAnswer(status: number, code: string): Answer {
  const known = Object.entries(DOCUMENTED).find(([name]) => name === code);
  const message = known?.[1][1] ?? 'The stand-in was told to answer with this error.';
  return { status, body: written({ error: { code, message } }) };
}

/** JSON as PHP writes it, and so the recorded answers: slashes and everything beyond ASCII are escaped. */
export function written(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
