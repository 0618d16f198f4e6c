import type { Finding } from '../finding.ts';
import type { ResolvedSpec } from '../resolved.ts';
import { applyRule, type Report, type Rule } from '../rules/rule.ts';
import type { CustomRule } from './custom-rules.ts';

const MAX_MESSAGE = 500;

/**
 * What a rule of the project reports; where it fails, that alone, at the entry that names it.
 * @param severity by which its findings count
 */
export function applyCustomRule(
  { rule, path, at }: CustomRule,
  severity: Rule['severity'],
  spec: ResolvedSpec,
): Finding[] {
  const fail = (place: string, message: string, help: string): Finding[] => [
    { name: 'failing-rule', severity: 'error', message: `${place}: ${message}`, at, help },
  ];
  let isAsynchronous = false;
  const check = (whole: ResolvedSpec, report: Report) => {
    const returned: unknown = rule.check(whole, (finding) => report(reported(finding)));
    if (!(returned instanceof Promise)) return;
    isAsynchronous = true;
    // Nobody waits for it: what it throws later must not end the process.
    returned.catch(() => undefined);
  };
  try {
    const findings = applyRule({ name: rule.name, severity, check }, spec);
    if (!isAsynchronous) return findings;
    return fail(path, `the check of "${rule.name}" is asynchronous`, 'let it report all before it returns');
  } catch (error) {
    return fail(
      placeIn(error, path),
      `"${rule.name}" threw ${describe(error)}`,
      'correct the rule, or take it out of rules; checkExamples of pipegen/rules tries it on its examples',
    );
  }
}

/** @throws TypeError in words for the rule's author, where the language of a rule did not keep it from them */
function reported(finding: Parameters<Report>[0]): Parameters<Report>[0] {
  const { message, layers, path, help, want, label } = finding ?? {};
  const isSpot = (one: { layers: unknown; path: unknown }) =>
    Array.isArray(one.layers) &&
    one.layers.length > 0 &&
    one.layers.every((layer) => Array.isArray(layer)) &&
    Array.isArray(one.path);
  if (typeof message !== 'string' || message.trim() === '') {
    throw new TypeError('report needs a message');
  }
  if (!isSpot({ layers, path })) {
    throw new TypeError('report needs layers, such as those of the pipeline, and the path in them');
  }
  if (want !== undefined && want !== 'key' && want !== 'value') {
    throw new TypeError('want of a report is "key" or "value"');
  }
  if (help !== undefined && typeof help !== 'string') throw new TypeError('help of a report is a text');
  if (label !== undefined && (!isSpot(label) || typeof label.text !== 'string')) {
    throw new TypeError('label of a report has text, layers and path');
  }
  return finding;
}

/** Name and first line of what was thrown, whatever it is. */
function describe(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return (text.split('\n')[0] ?? '').slice(0, MAX_MESSAGE);
  } catch {
    return 'something that has no text';
  }
}

/** Its file, with line and column where the stack has them: types are removed without anything else moving. */
function placeIn(error: unknown, path: string): string {
  const stack = error instanceof Error ? String(error.stack) : '';
  const escaped = encodeURI(path).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const place = new RegExp(`/${escaped}(?:\\?[^\\s:)]*)?:(\\d+:\\d+)`).exec(stack)?.[1];
  return place === undefined ? path : `${path}:${place}`;
}
