import type { Rule } from '../rules/rule.ts';

/**
 * What is to be said of a finding's name. Rules say it of themselves; `bad` and `good` of the others are fragments over
 * a sound spec too, or whole files where that is what they are about.
 */
export type Explanation = Pick<
  Rule,
  'name' | 'severity' | 'category' | 'certain' | 'why' | 'bad' | 'good'
> & {
  /** Path → text of what the examples need beside them, where that is part of what they show. */
  readonly files?: Readonly<Record<string, string>>;
};
