import type { Finding } from './finding.ts';
import type { ResolvedSpec } from './resolved.ts';
import { RULES } from './rules/registry.ts';
import { applyRule } from './rules/rule.ts';

/** All rules over a resolved spec. */
export function lint(spec: ResolvedSpec): Finding[] {
  return RULES.flatMap((rule) => applyRule(rule, spec));
}
