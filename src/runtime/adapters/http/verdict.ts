import { isUtf8 } from 'node:buffer';
import type { ErrorRule } from '../../../spec/http-source.ts';
import type { FoundList } from '../../find-list.ts';
import { codeOf, matchRule } from './error-rules.ts';
import type { Headers } from './exchange.ts';
import { type ListOutline, readOutline } from './formats/outline.ts';

/** What an answer means, before anybody asks whether it is a page. */
export type Verdict =
  | ({ kind: 'accepted'; code: string | null } & JsonBody)
  | { kind: 'redirect'; location: string }
  /** `what` continues "the API …"; `hint` says what to do about a final one. */
  | { kind: 'temporary'; what: string; code: string | null }
  | { kind: 'final'; what: string; code: string | null; hint: string };

export interface JsonBody {
  /** Undefined where the body is no JSON, or need not be any. */
  document: unknown;
  /** The list of records, where the document is only read around it. */
  list?: ListOutline | undefined;
}

export interface JudgedAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

const EXCERPT = 200;
/** Bytes; an error may come with a body of many megabytes. */
const LOOKED_AT = 64 * 1024;
/** Request timeout, too early, too many requests: RFC 9110, RFC 8470, RFC 6585. */
const TEMPORARY: readonly number[] = [408, 425, 429];
const REDIRECT: readonly number[] = [301, 302, 303, 307, 308];

/**
 * The rules of the spec first, on every status, since APIs send errors with 200 and two kinds of 429; then what the
 * status means by itself. A success that should be JSON and is not was cut off or comes from something in between:
 * temporary.
 * @param json whether a success must be JSON; else the body is read as JSON only for the rules
 * @param read how a body becomes JSON
 */
export function judge(
  answer: JudgedAnswer,
  rules: readonly ErrorRule[],
  json: boolean,
  redact: (text: string) => string,
  read: (body: Buffer) => JsonBody = (body) => readJson(body, ''),
): Verdict {
  const { status, headers, body } = answer;
  const success = status >= 200 && status < 300;
  const forRules = rules.some((rule) => rule.body !== undefined) && looksLikeJson(body);
  const content: JsonBody = (json && success) || forRules ? read(body) : { document: undefined };
  const { document } = content;
  const found = codeOf({ status, headers, document }, rules);
  const code = found === null ? null : redact(found);

  const match = matchRule({ status, headers, document }, rules);
  if (match !== undefined) {
    const where = match.found === '' ? '' : ` with ${redact(match.found)}`;
    const what = `answered ${status}${where}${excerpt(body, redact)}`;
    if (match.rule.then === 'retry') return { kind: 'temporary', what, code };
    return { kind: 'final', what, code, hint: 'No retry can mend this: follow what the API says' };
  }
  if (success) {
    if (!json) return { kind: 'accepted', document: undefined, code };
    if (document !== undefined) return { kind: 'accepted', code, ...content };
    const what = `answered ${status} with ${body.length} bytes that are not JSON${excerpt(body, redact)}`;
    return { kind: 'temporary', what, code };
  }
  const said = excerpt(body, redact);
  if (TEMPORARY.includes(status) || status >= 500) {
    return { kind: 'temporary', what: `answered ${status}${said}`, code };
  }
  if (REDIRECT.includes(status) && headers.location) {
    return { kind: 'redirect', location: headers.location };
  }
  return { kind: 'final', what: `answered ${status}${said}`, code, hint: hintOf(status) };
}

/**
 * A body around the list at `records` where that can be told apart, else the whole of it.
 *
 * @param found where the list is, if somebody has looked
 */
export function readJson(body: Buffer, records: string, found?: FoundList): JsonBody {
  return readOutline(body, records, found) ?? { document: parseJson(body) };
}

/** The document, or undefined where the bytes are not JSON in UTF-8. A byte order mark is let pass. */
export function parseJson(body: Uint8Array): unknown {
  if (!isUtf8(body)) return undefined;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

/** The beginning of a body for a message, in brackets; nothing for an empty one. */
export function excerpt(body: Uint8Array, redact: (text: string) => string): string {
  // Redacted before it is cut to its length: half a key would not be found.
  const text = redact(new TextDecoder().decode(body.subarray(0, LOOKED_AT)))
    .replace(/[\p{White_Space}\p{Cc}]+/gu, ' ')
    .trim();
  if (text === '') return '';
  return ` (${text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text})`;
}

/** A table of many megabytes is not parsed to find out that it is none. */
function looksLikeJson(body: Buffer): boolean {
  return /^\uFEFF?\s*[[{]/.test(body.toString('utf8', 0, 100));
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return 'Check the key and what its plan may read';
  if (status === 404 || status === 410) return 'Check base_url of the source and path of the extract';
  if (status >= 300 && status < 400) return 'Set base_url to the address where the data is';
  return 'Check path and query of the extract';
}
