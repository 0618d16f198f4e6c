import { posix } from 'node:path';
import type { Place } from '../finding.ts';
import { at } from '../layers.ts';
import { locate, type SourceFile } from '../source-file.ts';

/** An entry of `rules` in any file of a spec. */
export interface RuleEntry {
  /** As it is written. */
  readonly written: string;
  /** From the folder of the spec, without `.` and `..`; undefined where it leads out of it. */
  readonly pattern: string | undefined;
  readonly at: Place;
}

export function ruleEntries(files: readonly SourceFile[]): RuleEntry[] {
  return files.flatMap((file) => {
    const rules = at(file.value, ['rules']);
    if (!Array.isArray(rules)) return [];
    return rules.flatMap((written: unknown, index): RuleEntry[] => {
      if (typeof written !== 'string' || written === '') return [];
      return [{ written, pattern: patternOf(written), at: locate(file, ['rules', index]).place }];
    });
  });
}

function patternOf(written: string): string | undefined {
  const pattern = posix.normalize(written);
  const leadsOut = posix.isAbsolute(written) || /^[A-Za-z]:|\\/.test(written) || /^\.\.(\/|$)/.test(pattern);
  return leadsOut ? undefined : pattern;
}
