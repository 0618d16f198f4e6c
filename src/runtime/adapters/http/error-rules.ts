import type { ErrorRule } from '../../../spec/http-source.ts';
import { textAt } from '../../json-path.ts';
import type { Headers } from './exchange.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** The body where it is JSON; undefined else. */
  document: unknown;
}

export interface Match {
  rule: ErrorRule;
  /** What the rule found, `error.code "busy"`; empty for one that looks at the status alone. Not redacted. */
  found: string;
}

/** The first rule all of whose conditions hold. */
export function matchRule(answer: Answer, rules: readonly ErrorRule[]): Match | undefined {
  for (const rule of rules) {
    if (rule.status !== undefined && !rule.status.includes(answer.status)) continue;
    const place = rule.header ?? rule.body;
    if (place === undefined) return { rule, found: '' };
    const value = lookedAt(answer, rule);
    if (value === undefined || !rule.in?.includes(value)) continue;
    return { rule, found: `${place} "${value}"` };
  }
  return undefined;
}

/** What the answer has where a rule looks, such as `rate_limit_reached`, whether or not it matches; not redacted. */
export function codeOf(answer: Answer, rules: readonly ErrorRule[]): string | null {
  for (const rule of rules) {
    const value = lookedAt(answer, rule);
    if (value !== undefined) return value;
  }
  return null;
}

function lookedAt({ headers, document }: Answer, rule: ErrorRule): string | undefined {
  if (rule.header !== undefined) return headers[rule.header.toLowerCase()]?.trim();
  return rule.body === undefined ? undefined : textAt(document, rule.body);
}
