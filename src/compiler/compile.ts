import type { DagDefinition, GeneratedFile } from './dag.ts';
import { dbtSources } from './dbt/sources.ts';
import { emit } from './emit.ts';
import { type Finding, sortFindings } from './finding.ts';
import { checkHandlers } from './handlers/check-handlers.ts';
import { findHandlers } from './handlers/find-handlers.ts';
import type { ReadHandlers } from './handlers/handler-facts.ts';
import { typeFiles } from './handlers/type-files.ts';
import { lint } from './lint.ts';
import { lower } from './lower.ts';
import { parse } from './parse.ts';
import { resolve } from './resolve.ts';
import type { ResolvedSpec } from './resolved.ts';
import { validate } from './validate.ts';

export interface CompileInput {
  /** The spec's name as findings shall print it. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Text of a file beside the spec; undefined where there is none. */
  readText(path: string): string | undefined;
  /** What TypeScript says of handlers; asked only where the spec names any. Without it their types are not looked at. */
  readonly readHandlers?: ReadHandlers | undefined;
  /** Only this environment; all of them without it. */
  readonly environment?: string | undefined;
  /** Image reference that takes the place of the spec's. */
  readonly image?: string | undefined;
}

export interface Checked {
  readonly spec?: ResolvedSpec;
  readonly findings: Finding[];
}

/** Parse, validate, resolve and lint: all that can be said of a spec without building. */
export function check(
  input: Pick<CompileInput, 'file' | 'bytes'> & Partial<Pick<CompileInput, 'readText' | 'readHandlers'>>,
): Checked {
  const parsed = parse(input.file, input.bytes);
  if (parsed.source === undefined) return { findings: sortFindings(parsed.findings) };
  const validated = validate(parsed.source);
  const findings = [...parsed.findings, ...validated.findings];
  if (validated.value === undefined) return { findings: sortFindings(findings) };
  const resolved = resolve(validated.value);
  const readText = input.readText ?? (() => undefined);
  const handled = findHandlers(resolved.value, readText);
  findings.push(...resolved.findings, ...handled.findings, ...lint(handled.value));
  if (input.readHandlers !== undefined)
    findings.push(...checkHandlers(handled.value, handled.found, input.readHandlers, readText));
  return { spec: handled.value, findings: sortFindings(findings) };
}

export interface Compiled extends Checked {
  readonly dags: readonly DagDefinition[];
  readonly files: readonly GeneratedFile[];
}

/** The whole compiler but for the disk: no files where there is an error. */
export function compile(input: CompileInput): Compiled {
  const checked = check(input);
  if (checked.spec === undefined || hasErrors(checked.findings)) return { ...checked, dags: [], files: [] };
  const chosen = checked.spec.environments.filter(({ name }) =>
    [undefined, name].includes(input.environment),
  );
  const { image } = input;
  const context = image === undefined ? { readText: input.readText } : { readText: input.readText, image };
  const lowered = lower(checked.spec, chosen, context);
  const findings = sortFindings([...checked.findings, ...lowered.findings]);
  if (hasErrors(findings)) return { spec: checked.spec, findings, dags: [], files: [] };
  const sources = chosen.flatMap((environment) => dbtSources(environment, input.file));
  const files = [...emit(lowered.value), ...sources, ...typeFiles(checked.spec)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  return { spec: checked.spec, findings, dags: lowered.value, files };
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
