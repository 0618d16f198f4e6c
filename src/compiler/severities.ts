import type { Policy } from '../spec/policy.ts';
import { suggest } from './did-you-mean.ts';
import { EXPLANATIONS, SILENCEABLE } from './explain/explanations.ts';
import { OF_RULES } from './explain/of-rules.ts';
import { OF_SILENCES } from './explain/of-silences.ts';
import type { Finding, Place } from './finding.ts';
import { locateIn } from './layers.ts';
import type { ResolvedSpec } from './resolved.ts';
import type { Rule } from './rules/rule.ts';

/** The rules that a person may decide about, those of the project among them. */
export interface KnownRules {
  readonly names: readonly string[];
  /** Whether there are no others; a rule of the project that could not be loaded is one. */
  readonly isAll: boolean;
}

export function knownRules(own: readonly string[], isAll: boolean): KnownRules {
  return { names: [...SILENCEABLE, ...own], isAll };
}

/**
 * What a finding of this name weighs by the policy. Anything may become an error; less than it is, only what may be
 * silenced: the rest would make a wrong DAG or end every run.
 */
export function severityOf(
  policy: Policy,
  { name, severity }: Pick<Rule, 'name' | 'severity'>,
  known: KnownRules,
): Rule['severity'] | 'off' {
  const changes = policy.severity ?? {};
  const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
  return change === 'error' || (change !== undefined && known.names.includes(name)) ? change : severity;
}

/** The findings with what the policy says that they weigh; without those that it turns off. */
export function changeSeverities(findings: readonly Finding[], policy: Policy, known: KnownRules): Finding[] {
  if (policy.severity === undefined) return [...findings];
  return findings.flatMap((finding): Finding[] => {
    const severity = severityOf(policy, finding, known);
    return severity === 'off' ? [] : [{ ...finding, severity }];
  });
}

/** The rules that the policy turns off, and where it does. */
export function rulesTurnedOff({ policy, source }: ResolvedSpec, known: KnownRules): Map<string, Place> {
  const off = Object.entries(policy.severity ?? {}).filter(
    ([name, change]) => change === 'off' && known.names.includes(name),
  );
  return new Map(off.map(([name]) => [name, locateIn(source, [['policy', 'severity']], [name])]));
}

/** The rules that the policy lets nobody silence, and where it says so. */
export function rulesEnforced({ policy, source }: ResolvedSpec): Map<string, Place> {
  const names = policy.enforced ?? [];
  return new Map(names.map((name, index) => [name, locateIn(source, [['policy', 'enforced']], [index])]));
}

/** What is wrong with the names of rules in the policy. */
export function ruleNameFindings(spec: ResolvedSpec, known: KnownRules): Finding[] {
  const unknown = [...rulesEnforced(spec)].flatMap(([name, at]) => unknownRule(name, at, known));
  return [...severityFindings(spec, known), ...unknown];
}

function unknownRule(name: string, at: Place, known: KnownRules): Finding[] {
  // It may be a rule of the project that could not be loaded, of which another finding speaks.
  if (known.names.includes(name) || EXPLANATIONS.has(name) || !known.isAll) return [];
  const help = suggest(name, [...EXPLANATIONS.keys(), ...known.names]);
  return [
    {
      name: 'unknown-rule',
      severity: 'error',
      message: `there is no rule "${name}"`,
      at,
      help: help?.startsWith('did you mean') === true ? help : '`pipegen explain` lists them',
    },
  ];
}

function severityFindings({ policy, source }: ResolvedSpec, known: KnownRules): Finding[] {
  return Object.entries(policy.severity ?? {}).flatMap(([name, change]): Finding[] => {
    if (known.names.includes(name)) return [];
    const at = locateIn(source, [['policy', 'severity']], [name], 'key');
    const explanation = EXPLANATIONS.get(name);
    if (explanation === undefined) return unknownRule(name, at, known);
    if (change === 'error' || change === explanation.severity) return [];
    return [
      {
        name: 'fixed-severity',
        severity: 'error',
        at,
        message: `${name} can’t be ${change === 'off' ? 'turned off' : 'a warning'}: ${reasonOf(name)}`,
        help: `remove the line; \`pipegen explain ${name}\` says what to repair`,
      },
    ];
  });
}

function reasonOf(name: string): string {
  const keepsOthers = [...OF_SILENCES, ...OF_RULES].some((one) => one.name === name);
  return keepsOthers
    ? 'without it nobody would see which rules are not heard'
    : 'it would make a wrong DAG or end every run';
}
