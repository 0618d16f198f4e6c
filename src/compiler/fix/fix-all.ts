import type { Finding } from '../finding.ts';
import { applyFixes } from './apply-fixes.ts';

/** Of edits that lie inside each other one is made a round; no spec nests them so deep. */
const MAX_ROUNDS = 100;

/** What is found in some texts, and these texts: by the file's name as places have it. */
export interface Look {
  readonly findings: readonly Finding[];
  readonly textOf: (file: string) => string | undefined;
}

export interface AllFixed {
  /** The new text of each file that changes. */
  readonly texts: ReadonlyMap<string, string>;
  /** What was fixed, in the order in which it was, with the texts of its round, which its places are of. */
  readonly fixed: readonly { readonly finding: Finding; readonly textOf: Look['textOf'] }[];
  /** What is left, as it is found in the new texts. */
  readonly last: Look;
}

/**
 * Fixes, and looks again, until no round changes anything. Ends at a text that was there before, which only fixes
 * that undo each other reach.
 * @param look what is found when these texts stand in the place of what the files hold
 */
export function fixAll(look: (texts: ReadonlyMap<string, string>) => Look): AllFixed {
  const texts = new Map<string, string>();
  const fixed: AllFixed['fixed'][number][] = [];
  const seen = new Set<string>();
  let last = look(texts);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { texts: changed, applied } = applyFixes(last.findings, last.textOf);
    if (applied.length === 0) break;
    const next = new Map([...texts, ...changed]);
    const state = JSON.stringify([...next].sort());
    if (seen.has(state)) break;
    seen.add(state);
    for (const [file, text] of changed) texts.set(file, text);
    const { textOf } = last;
    fixed.push(...applied.map((finding) => ({ finding, textOf })));
    last = look(texts);
  }
  return { texts, fixed, last };
}
