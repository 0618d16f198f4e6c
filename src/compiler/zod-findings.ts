import type { z } from 'zod';
import { nearest, suggest } from './did-you-mean.ts';
import type { Finding } from './finding.ts';
import { at, type Layers, originIn } from './layers.ts';
import { isPassword, PASSWORD_AUTHENTICATION } from './password-authentication.ts';
import { scalarTrap } from './scalar-traps.ts';
import { knownKeys, schemaAt } from './schema-shape.ts';
import { isSharedAt, type Path, type SourceFile, textAt } from './source-file.ts';
import { tellingFinding } from './telling-finding.ts';

type Issue = z.core.$ZodIssue;

/**
 * What a failed parse says, as findings at the places where the value was written. `missing` are the layers in which
 * a key that is nowhere is looked for.
 */
export function zodFindings(
  source: SourceFile,
  layers: Layers,
  schema: z.ZodType,
  value: unknown,
  issues: readonly Issue[],
  missing: Layers = layers,
): Finding[] {
  return issues
    .filter((issue) => !isMisspelt(schema, value, issue, issues))
    .flatMap((issue) => {
      const absent = at(value, issue.path) === undefined;
      const findings = findingsOf(source, absent ? missing : layers, schema, value, issue);
      return findings.map((finding) => tellingFinding(finding, issue.path, at(value, issue.path)));
    });
}

/** Whether a missing key is there under a name that is nearly its own, of which another finding speaks. */
function isMisspelt(schema: z.ZodType, value: unknown, issue: Issue, issues: readonly Issue[]): boolean {
  const missing = issue.path.at(-1);
  if (typeof missing !== 'string' || at(value, issue.path) !== undefined) return false;
  const parent = issue.path.slice(0, -1);
  return issues.some(
    (other) =>
      other.code === 'unrecognized_keys' &&
      other.path.join('\n') === parent.join('\n') &&
      other.keys.some((key) => nearest(key, freeKeys(schema, parent, value)) === missing),
  );
}

/** The keys that the schema knows at a path and the value does not have yet. */
function freeKeys(schema: z.ZodType, path: Path, value: unknown): string[] {
  const present = Object.keys((at(value, path) as object | undefined) ?? {});
  return knownKeys(schema, path, value).filter((key) => !present.includes(key));
}

function findingsOf(
  source: SourceFile,
  layers: Layers,
  schema: z.ZodType,
  value: unknown,
  issue: Issue,
): Finding[] {
  const { path } = issue;
  const last = path.at(-1) ?? layers[0]?.at(-1) ?? 'the spec';
  const name = String(last);
  if (issue.code === 'unrecognized_keys') {
    const free = freeKeys(schema, path, value);
    return issue.keys.map((key) => {
      const place = [...path, key];
      if (isPassword(value, place)) return passwordError(source, layers, place);
      return error(source, layers, place, 'key', 'unknown-key', `unknown key "${key}"`, suggest(key, free));
    });
  }
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? 'is not a name';
    return [
      error(
        source,
        layers,
        path,
        'key',
        'invalid-name',
        `the name "${name}" ${reason}`,
        'choose another name',
      ),
    ];
  }
  const actual = at(value, path);
  if (actual === undefined) {
    const parent = path.at(-2) ?? layers[0]?.at(-1) ?? 'the spec';
    const message = `${typeof parent === 'number' ? 'the entry' : `"${String(parent)}"`} has no "${name}"`;
    const taking = layers.filter((layer) => at(source.value, [...layer, ...path]) === null);
    if (taking.length > 0 && layers.length > 1) {
      const help = `leave ${name} out here, or give it a value`;
      return [error(source, taking, path, 'key', 'missing-key', `${message}: null takes it away`, help)];
    }
    const help = `add ${name}: …${expectation(issue)}`;
    return [error(source, layers, path.slice(0, -1), 'key', 'missing-key', message, help)];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const message = `${show(actual)} is not a value of "${String(typeof last === 'number' ? (path.at(-2) ?? name) : name)}"`;
    return [error(source, layers, path, 'value', 'invalid-value', message, choice(actual, allowed))];
  }
  if (issue.code === 'invalid_union') {
    if (isPassword(value, path)) return [passwordError(source, layers, path)];
    const options = (issue as { options?: unknown[] }).options?.flatMap((one) => one ?? []).map(String) ?? [];
    const message = `${show(actual)} is not a value of "${name}"`;
    return [error(source, layers, path, 'value', 'invalid-value', message, suggest(wordOf(actual), options))];
  }
  const scalar = scalarFinding(source, layers, schema, value, issue, actual);
  if (scalar !== undefined) return [scalar];
  if (issue.code === 'invalid_type') {
    const message = `${subjectOf(path, name)} must be ${kind(issue.expected)}, not ${show(actual)}`;
    return [error(source, layers, path, 'value', 'wrong-type', message, typeHelp(issue.expected, actual))];
  }
  const message = issue.code === 'custom' || issue.code === 'invalid_format' ? issue.message : bound(issue);
  const subject = typeof last === 'number' ? `entry ${last + 1}:` : `"${name}"`;
  return [error(source, layers, path, 'value', 'invalid-value', `${subject} ${message}`, undefined)];
}

/** A key by its name, an entry of a list by its number. */
function subjectOf(path: Path, otherwise: string): string {
  const last = path.at(-1);
  if (typeof last !== 'number') return `"${String(last ?? otherwise)}"`;
  const list = path.at(-2);
  return `entry ${last + 1}${typeof list === 'string' ? ` of "${list}"` : ''}`;
}

/** What is particular about a number, a text or a truth value of the wrong type. */
function scalarFinding(
  source: SourceFile,
  layers: Layers,
  schema: z.ZodType,
  value: unknown,
  issue: Issue,
  actual: unknown,
): Finding | undefined {
  const { path } = issue;
  const subject = subjectOf(path, String(layers[0]?.at(-1) ?? 'the spec'));
  const isDuration = issue.code === 'invalid_format' && issue.message.startsWith('must be a duration');
  const expected = isDuration ? 'duration' : issue.code === 'invalid_type' ? issue.expected : undefined;
  if (expected === undefined) return undefined;
  const origin = originIn(source, layers, path);
  const written = textAt(source, origin.at);
  const flaw = flawOfText(schema, value, issue, actual, written);
  // Quotes alone would lead to the next finding: 5 where a duration is expected.
  if (flaw?.startsWith('must ') === true) {
    return {
      name: 'wrong-type',
      severity: 'error',
      message: `${subject} ${flaw}, not ${written}`,
      ...origin,
    };
  }
  const trap = scalarTrap(subject, expected, actual, written, origin.at);
  if (trap === undefined) return undefined;
  const { fix, ...told } = trap;
  // Where an alias takes it too it may be right as it stands.
  const isSafe = fix !== undefined && flaw === undefined && !isSharedAt(source, origin.at);
  return { severity: 'error', ...told, ...origin, ...(isSafe ? { fix } : {}) };
}

/** What would be wrong with a number or truth value in quotes, where a text is expected. */
function flawOfText(
  schema: z.ZodType,
  value: unknown,
  { code, path, ...issue }: Issue,
  actual: unknown,
  written: string,
): string | undefined {
  const isText = code === 'invalid_type' && 'expected' in issue && issue.expected === 'string';
  if (!isText || (typeof actual !== 'number' && typeof actual !== 'boolean')) return undefined;
  const quoted = schemaAt(schema, path, value)?.safeParse(written);
  return quoted?.error?.issues[0]?.message;
}

function error(
  source: SourceFile,
  layers: Layers,
  path: Path,
  want: 'key' | 'value',
  name: string,
  message: string,
  help: string | undefined,
): Finding {
  const origin = originIn(source, layers, path, want);
  return { name, severity: 'error', message, ...origin, ...(help === undefined ? {} : { help }) };
}

function passwordError(source: SourceFile, layers: Layers, path: Path): Finding {
  const { name, message, help } = PASSWORD_AUTHENTICATION;
  return error(source, layers, path, 'key', name, message, help);
}

function bound(issue: Issue): string {
  if (issue.code === 'too_small') {
    if (issue.origin === 'string' && issue.minimum > 1)
      return `must have ${issue.minimum} or more characters`;
    if (issue.origin === 'string' || issue.origin === 'array' || issue.origin === 'object')
      return 'must not be empty';
    return `must be ${issue.minimum} or more`;
  }
  if (issue.code === 'too_big') return `must be ${issue.maximum} or less`;
  return issue.message;
}

/** A map is none: it may hold a `toString` of its own. */
export function wordOf(value: unknown): string {
  return value !== null && typeof value === 'object' ? '' : String(value);
}

function choice(actual: unknown, allowed: readonly string[]): string | undefined {
  if (typeof actual !== 'string' && allowed.includes(wordOf(actual))) return `put it in quotes: "${actual}"`;
  return allowed.length === 1 ? `write ${allowed[0]}` : suggest(wordOf(actual), allowed);
}

function kind(expected: string): string {
  const words: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    object: 'a map',
    record: 'a map',
    array: 'a list',
  };
  return words[expected] ?? expected;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(value) ?? String(value);
}

function typeHelp(expected: string, actual: unknown): string {
  if (expected === 'string' && (typeof actual === 'number' || typeof actual === 'boolean')) {
    return `put it in quotes: "${actual}"`;
  }
  if (expected === 'array' && typeof actual === 'string') return `write it as a list: [${actual}]`;
  if (expected === 'int' && typeof actual === 'number')
    return `write it without a fraction: ${Math.round(actual)}`;
  if (expected === 'object' || expected === 'record') return 'write it as key: value pairs';
  return `write ${kind(expected)} here`;
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_value') return `, one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return `, which is ${kind(issue.expected)}`;
  return '';
}
