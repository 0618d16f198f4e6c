import { applyCustomRule } from './custom-rules/apply-custom-rule.ts';
import type { CustomRule } from './custom-rules/custom-rules.ts';
import { frozen } from './custom-rules/frozen.ts';
import type { Finding } from './finding.ts';
import type { ResolvedSpec } from './resolved.ts';
import { RULES } from './rules/registry.ts';
import { applyRule } from './rules/rule.ts';
import { type KnownRules, severityOf } from './severities.ts';

/** All rules over a resolved spec, ours and the project's, but for those that its policy turns off. */
export function lint(spec: ResolvedSpec, own: readonly CustomRule[], known: KnownRules): Finding[] {
  const findings = RULES.flatMap((rule) => {
    const severity = severityOf(spec.policy, rule, known);
    return severity === 'off' ? [] : applyRule({ ...rule, severity }, spec);
  });
  if (own.length === 0) return findings;
  const safe = frozen(spec);
  const more = own.flatMap((custom) => {
    const severity = severityOf(spec.policy, custom.rule, known);
    return severity === 'off' ? [] : applyCustomRule(custom, severity, safe);
  });
  return [...findings, ...more];
}
