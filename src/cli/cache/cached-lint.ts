import type { Finding } from '../../compiler/finding.ts';
import type { Answer } from '../findings/answers.ts';
import type { Looked } from '../findings/look.ts';

/** A lint, and what was read for it. */
export interface CachedLint {
  readonly answers: readonly Answer[];
  readonly findings: readonly Finding[];
  /** Text of the files that findings point into, by their names as places have them. */
  readonly texts: readonly (readonly [string, string])[];
  readonly size?: Looked['size'];
  readonly rules?: Looked['rules'];
}

/** By hand: the library that the language is written in takes longer to load than an unchanged spec to lint. */
export function isCachedLint(value: unknown): value is CachedLint {
  if (!isObject(value)) return false;
  const { answers, findings, texts, size, rules } = value;
  return (
    isListOf(answers, (one) => isObject(one) && areTexts(one.question, one.about, one.hash)) &&
    isListOf(findings, isFinding) &&
    isListOf(texts, (one) => Array.isArray(one) && one.length === 2 && areTexts(...one)) &&
    (size === undefined || (isObject(size) && areCounts(size.pipelines, size.environments))) &&
    (rules === undefined || isListOf(rules, isExplanation))
  );
}

function isExplanation(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { name, severity, category, why, bad, good } = value;
  return areTexts(name, severity, category, why, bad, good);
}

function isFinding(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { name, severity, message, at, help, labels, fix } = value;
  return (
    areTexts(name, message) &&
    (severity === 'error' || severity === 'warning') &&
    isPlace(at) &&
    (help === undefined || areTexts(help)) &&
    (labels === undefined || isListOf(labels, isTextAtPlace)) &&
    (fix === undefined || (isObject(fix) && areTexts(fix.title) && isListOf(fix.edits, isTextAtPlace)))
  );
}

function isTextAtPlace(value: unknown): boolean {
  return isObject(value) && areTexts(value.text) && isPlace(value.at);
}

function isPlace(value: unknown): boolean {
  return isObject(value) && areTexts(value.file) && areCounts(value.start, value.end);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, test: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}

function areTexts(...values: unknown[]): boolean {
  return values.every((one) => typeof one === 'string');
}

function areCounts(...values: unknown[]): boolean {
  return values.every((one) => Number.isSafeInteger(one) && Number(one) >= 0);
}
