import type { Checked } from '../compiler/compile.ts';
import { type Finding, hasErrors } from '../compiler/finding.ts';
import { pretty } from '../compiler/reporters/pretty.ts';

/** Whether to colour: what people ask for by the usual variables, else whether a terminal reads it. */
export function wantsColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return stream.isTTY === true;
}

/** Text of each file that was read, under the name that findings print. */
export type Texts = Checked['texts'];

/**
 * Findings and how many there were, for a command whose result is something else: on stdout where they are all that
 * comes of it, on stderr where the command goes on and its result, which may be a JSON document, is to stand alone.
 */
export function printFindings(findings: readonly Finding[], texts: Texts): void {
  if (findings.length === 0) return;
  const stream = hasErrors(findings) ? process.stdout : process.stderr;
  stream.write(`${pretty(findings, (file) => texts.get(file), wantsColor(stream))}\n${counts(findings)}\n`);
}

/** `2 errors, 1 warning` */
export function counts(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length;
  return `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
}

export function plural(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}
