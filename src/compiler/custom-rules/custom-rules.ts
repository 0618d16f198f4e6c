import { EXPLANATIONS } from '../explain/explanations.ts';
import type { Finding, Place } from '../finding.ts';
import type { Rule } from '../rules/rule.ts';
import type { RuleEntry } from './rule-entries.ts';
import type { RuleFile, RuleFiles } from './rule-file.ts';
import { asRule } from './rule-shape.ts';

/** A rule of the project. */
export interface CustomRule {
  readonly rule: Rule;
  /** Its file, from the folder of the spec. */
  readonly path: string;
  /** The entry of `rules` that names it. */
  readonly at: Place;
}

export interface CustomRules {
  readonly rules: readonly CustomRule[];
  /** Whether these are all that the spec names, so that another name is none. */
  readonly isAll: boolean;
  readonly findings: readonly Finding[];
}

/**
 * The rules among what the entries of `rules` name, and findings at the entries of what is none.
 * @param files undefined where nobody has loaded any
 */
export function customRules(entries: readonly RuleEntry[], files: RuleFiles | undefined): CustomRules {
  if (files === undefined) return { rules: [], isAll: entries.length === 0, findings: [] };
  const findings: Finding[] = [];
  const rules = new Map<string, CustomRule>();
  const seen = new Set<string>();
  const fail = (at: Place, message: string, help: string) =>
    findings.push({ name: 'unusable-rule', severity: 'error', message, at, help });

  for (const { written, pattern, at } of entries) {
    if (pattern === undefined) {
      const message = `"${written}" leads out of the folder of the spec`;
      fail(at, message, 'name files below it, with / between folders');
      continue;
    }
    const found = files.get(pattern) ?? [];
    if (found.length === 0) {
      fail(
        at,
        `no file with a rule matches "${written}"`,
        'correct or remove it; rules are files of .ts or .js',
      );
    }
    for (const file of found) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      const rule = ruleIn(file);
      if ('problem' in rule) fail(at, rule.problem, rule.help);
      else {
        const custom = { rule: rule.rule, path: file.path, at };
        const twice = duplicate(custom, rules.get(rule.rule.name));
        if (twice === undefined) rules.set(rule.rule.name, custom);
        else findings.push(twice);
      }
    }
  }
  return { rules: [...rules.values()], isAll: findings.length === 0, findings };
}

function ruleIn({ path, loaded }: RuleFile): ReturnType<typeof asRule> {
  if ('problem' in loaded) return loaded;
  try {
    const rule = asRule(loaded.exported);
    return 'problem' in rule ? { ...rule, problem: `${path}: ${rule.problem}` } : rule;
  } catch {
    // A getter, for instance.
    return { problem: `${path}: its default export can’t be read`, help: 'export a plain object' };
  }
}

function duplicate({ rule, path, at }: CustomRule, other: CustomRule | undefined): Finding | undefined {
  const base = { name: 'duplicate-rule', severity: 'error', at } as const;
  if (EXPLANATIONS.has(rule.name)) {
    return {
      ...base,
      message: `${path}: "${rule.name}" is what pipegen itself calls a finding`,
      help: 'give the rule another name, such as one that begins with that of your team',
    };
  }
  if (other === undefined) return undefined;
  const label = { at: other.at, text: `${other.path} by this entry` };
  return {
    ...base,
    message: `${path}: "${rule.name}" is the name of the rule in ${other.path} already`,
    ...(other.at === at ? {} : { labels: [label] }),
    help: 'give one of the two another name',
  };
}
