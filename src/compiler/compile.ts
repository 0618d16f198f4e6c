import { type CustomRule, customRules } from './custom-rules/custom-rules.ts';
import { ruleEntries } from './custom-rules/rule-entries.ts';
import type { RuleFiles } from './custom-rules/rule-file.ts';
import type { DagDefinition, GeneratedFile } from './dag.ts';
import { findProjects } from './dbt/project/find-projects.ts';
import { dbtSources } from './dbt/sources.ts';
import { findPrevious } from './diff/find-previous.ts';
import { emit } from './emit.ts';
import { type Finding, hasErrors, sortFindings } from './finding.ts';
import { checkHandlers } from './handlers/check-handlers.ts';
import { findHandlers } from './handlers/find-handlers.ts';
import type { ReadHandlers } from './handlers/handler-facts.ts';
import { typeFiles } from './handlers/type-files.ts';
import type { ReadIncluded } from './include.ts';
import { kubernetesFiles } from './kubernetes/kubernetes-files.ts';
import { lint } from './lint.ts';
import { lower } from './lower.ts';
import type { KnownTrees } from './parse.ts';
import { type ReadSpec, readSpec } from './read-spec.ts';
import { resolve } from './resolve.ts';
import type { ResolvedSpec } from './resolved.ts';
import {
  changeSeverities,
  knownRules,
  ruleNameFindings,
  rulesEnforced,
  rulesTurnedOff,
} from './severities.ts';
import { applySilences } from './silences.ts';
import { validate } from './validate.ts';

export interface CompileInput {
  /** The spec's name as findings shall print it. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Text of a file beside the spec; undefined where there is none. */
  readText(path: string): string | undefined;
  /** What `include` finds; nothing without it. */
  readonly readIncluded?: ReadIncluded | undefined;
  /** Files below a folder beside the spec, relative to it; empty where there is none. Without it none are looked for. */
  readFolder?(path: string): readonly string[];
  /** What TypeScript says of handlers; asked only where the spec names any. Without it their types are not looked at. */
  readonly readHandlers?: ReadHandlers | undefined;
  /** What `rules` of the spec name, loaded. Without it none of them is looked at. */
  readonly ruleFiles?: RuleFiles | undefined;
  /** The spec as it was read to find out what its `rules` name; read here without it. */
  readonly read?: ReadSpec | undefined;
  /** Trees of files that were parsed before; all are parsed without it. */
  readonly known?: KnownTrees | undefined;
  /** Only this environment; all of them without it. */
  readonly environment?: string | undefined;
  /** Image reference that takes the place of the spec's. */
  readonly image?: string | undefined;
}

export interface Checked {
  readonly spec?: ResolvedSpec;
  readonly findings: Finding[];
  /** Text of each file that was read, under the name that findings print. */
  readonly texts: ReadonlyMap<string, string>;
  /** The rules of the project's own. */
  readonly customRules: readonly CustomRule[];
}

/** Parse, validate, resolve and lint: all that can be said of a spec without building. */
export function check(
  input: Pick<
    CompileInput,
    'file' | 'bytes' | 'readFolder' | 'readIncluded' | 'known' | 'ruleFiles' | 'read'
  > &
    Partial<Pick<CompileInput, 'readText' | 'readHandlers'>>,
): Checked {
  const { source, complete: isWhole, files, texts, findings: ofText } = input.read ?? readSpec(input);
  if (source === undefined) return { findings: sortFindings(ofText), texts, customRules: [] };
  const own = customRules(ruleEntries(files), input.ruleFiles);
  const known = knownRules(
    own.rules.map(({ rule }) => rule.name),
    own.isAll,
  );
  const validated = validate(source);
  const ofShape = isWhole ? validated.findings : validated.findings.filter(isOfItself);
  const findings = [...withoutThoseOf(ofShape, ofText), ...ofShape, ...own.findings];
  if (validated.value === undefined || !isWhole) {
    return { findings: sortFindings(findings), texts, customRules: own.rules };
  }
  const resolved = resolve(validated.value);
  const { readText = () => undefined, readFolder = () => [], readHandlers } = input;
  const handled = findHandlers(resolved.value, readText);
  const whole = findPrevious(findProjects(handled.value, { readText, readFolder }), readText);
  findings.push(...resolved.findings, ...handled.findings, ...ruleNameFindings(whole, known));
  if (readHandlers !== undefined)
    findings.push(...checkHandlers(handled.value, handled.found, readHandlers, readText));
  const linted = lint(whole, own.rules, known);
  // Where something could not be read, rules have not spoken of it.
  const complete = !hasErrors(findings) && !linted.some(({ name }) => name === 'failing-rule');
  const decided = { off: rulesTurnedOff(whole, known), enforced: rulesEnforced(whole) };
  const heard = files.reduce<Finding[]>(
    (some, file) => applySilences(file, some, complete, known, decided),
    [...findings, ...linted],
  );
  const weighed = changeSeverities(heard, whole.policy, known);
  return { spec: handled.value, findings: sortFindings(weighed), texts, customRules: own.rules };
}

/** Whether it is wrong whatever stands in a file that could not be read: what seems to be missing may stand there. */
function isOfItself({ name }: Finding): boolean {
  return !['missing-key', 'unknown-environment', 'unknown-pipeline'].includes(name);
}

/** What is wrong with a value is said once, by who knows what is expected there. */
function withoutThoseOf(others: readonly Finding[], findings: readonly Finding[]): Finding[] {
  const places = new Set(others.map(({ at }) => JSON.stringify(at)));
  return findings.filter(({ at }) => !places.has(JSON.stringify(at)));
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
  if (hasErrors(findings)) return { ...checked, findings, dags: [], files: [] };
  const { environments } = checked.spec;
  const beside = chosen.flatMap((environment) => {
    const members = lowered.value.filter((dag) => dag.environment === environment.name);
    return [...dbtSources(environment, input.file), ...kubernetesFiles(environment, members, environments)];
  });
  const files = [...emit(lowered.value), ...beside, ...typeFiles(checked.spec)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  return { ...checked, findings, dags: lowered.value, files };
}

export { hasErrors };
