import { z } from 'zod';
import { suggest } from '../did-you-mean.ts';
import type { Rule } from '../rules/rule.ts';

const CATEGORIES = ['security', 'correctness', 'efficiency', 'practice'] as const;

const text = z.string().trim().min(1);

const shape = z.strictObject({
  name: z
    .string()
    .max(60)
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
  severity: z.enum(['error', 'warning']),
  category: z.enum(CATEGORIES),
  why: text,
  bad: text,
  good: text,
  check: z.custom<Rule['check']>((value) => typeof value === 'function'),
});

const WANTED: Readonly<Record<keyof typeof shape.shape, string>> = {
  name: 'words in lower case with - between them, at most 60 characters',
  severity: '"error" or "warning"',
  category: CATEGORIES.map((one) => `"${one}"`).join(', '),
  why: 'a text: what goes wrong otherwise',
  bad: 'a text: YAML in which the rule finds something',
  good: 'a text: YAML in which nothing is found',
  check: 'a function of the spec and of report',
};

/** @returns the rule; else what is wrong with the value, and what to write */
export function asRule(value: unknown): { rule: Rule } | { problem: string; help: string } {
  if (value === null || typeof value !== 'object') {
    const what = value === undefined ? 'nothing' : `${value === null ? 'null' : `a ${typeof value}`}`;
    return {
      problem: `its default export is ${what} and no rule`,
      help: `export default { ${Object.keys(WANTED).join(', ')} }; one rule in each file`,
    };
  }
  const [issue] = shape.safeParse(value).error?.issues ?? [];
  // The rule itself rather than a copy: its check may use what else it is.
  if (issue === undefined) return { rule: value as Rule };
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const help = suggest(key, Object.keys(WANTED)) ?? '';
    return { problem: `a rule has no "${key}"`, help };
  }
  const key = String(issue.path[0]) as keyof typeof WANTED;
  const isThere = Object.hasOwn(value, key) && (value as Record<string, unknown>)[key] !== undefined;
  return {
    problem: isThere ? `its "${key}" is not what a rule needs` : `it has no "${key}"`,
    help: `${key} is ${WANTED[key]}`,
  };
}
