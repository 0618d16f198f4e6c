import type { Source as SourceSpec } from '../../../spec/source.ts';
import { textAt } from '../../json-path.ts';

/** What an answer means, before anybody asks whether it is a page. */
export type Verdict =
  | { kind: 'accepted'; document: unknown; code: string | null }
  /** `what` continues "the API …"; `hint` says what to do about a final one. */
  | { kind: 'temporary'; what: string; code: string | null }
  | { kind: 'final'; what: string; code: string | null; hint: string };

const EXCERPT = 200;
/** Request timeout, too early, too many requests: RFC 9110, RFC 8470, RFC 6585. */
const TEMPORARY: readonly number[] = [408, 425, 429];

/**
 * The rules of the spec first, on every status, since APIs send errors with 200 and two kinds of 429; then what the
 * status means by itself. A success that is not JSON was cut off or comes from something in between: temporary.
 */
export function judge(
  answer: { status: number; body: Uint8Array; location?: string },
  rules: SourceSpec['errors'],
  redact: (text: string) => string,
): Verdict {
  const { status } = answer;
  const document = parseJson(answer.body);
  const code = codeOf(document, rules, redact);
  const said = excerpt(answer.body, redact);

  for (const rule of rules) {
    const value = textAt(document, rule.body);
    if (value === undefined || !rule.in.includes(value)) continue;
    const what = `answered ${status} with ${rule.body} "${redact(value)}"${said}`;
    if (rule.then === 'retry') return { kind: 'temporary', what, code };
    return { kind: 'final', what, code, hint: 'No retry can mend this: follow what the API says' };
  }
  if (status >= 200 && status < 300) {
    if (document !== undefined) return { kind: 'accepted', document, code };
    const size = answer.body.length;
    return {
      kind: 'temporary',
      what: `answered ${status} with ${size} bytes that are not JSON${said}`,
      code,
    };
  }
  if (TEMPORARY.includes(status) || status >= 500) {
    return { kind: 'temporary', what: `answered ${status}${said}`, code };
  }
  if (status >= 300 && status < 400) {
    // Of the target only the host: its query may repeat the key.
    const host = hostOf(answer.location);
    const what = `answered ${status}, a redirect${host === undefined ? '' : ` to ${redact(host)}`}`;
    const hint =
      'Redirects are not followed, they could carry the key elsewhere: set base_url to the final address';
    return { kind: 'final', what, code, hint };
  }
  return { kind: 'final', what: `answered ${status}${said}`, code, hint: hintOf(status) };
}

/** The document, or undefined where the bytes are not JSON in UTF-8. A byte order mark is let pass. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The beginning of a body for a message, in brackets; nothing for an empty one. */
export function excerpt(body: Uint8Array, redact: (text: string) => string): string {
  // Redacted before it is cut: half a key would not be found.
  const text = redact(new TextDecoder().decode(body))
    .replace(/[\p{White_Space}\p{Cc}]+/gu, ' ')
    .trim();
  if (text === '') return '';
  return ` (${text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text})`;
}

function codeOf(
  document: unknown,
  rules: SourceSpec['errors'],
  redact: (text: string) => string,
): string | null {
  for (const rule of rules) {
    const code = textAt(document, rule.body);
    if (code !== undefined) return redact(code);
  }
  return null;
}

function hostOf(location: string | undefined): string | undefined {
  if (location === undefined || !URL.canParse(location)) return undefined;
  return new URL(location).host;
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return 'Check the key and what its plan may read';
  if (status === 404 || status === 410) return 'Check base_url of the source and path of the extract';
  return 'Check path and query of the extract';
}
