import type { Finding } from '../finding.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Fixed {
  /** The new text of each file that has one. */
  readonly texts: ReadonlyMap<string, string>;
  /** The findings whose fix is in it. */
  readonly applied: readonly Finding[];
}

/**
 * One round: the fixes of as many findings as do not touch each other, the first ones first. All edits of a fix are
 * made or none. The others are for the next round, which finds them where they stand then.
 */
export function applyFixes(
  findings: readonly Finding[],
  textOf: (file: string) => string | undefined,
): Fixed {
  const chosen = new Map<string, Edit[]>();
  const applied: Finding[] = [];
  for (const finding of findings) {
    const edits = editsOf(finding, textOf);
    if (edits === undefined) continue;
    // What is found twice by way of one origin is fixed once, and both are gone.
    const isMade = edits.every(([file, edit]) => chosen.get(file)?.some((other) => isSame(edit, other)));
    if (isMade) applied.push(finding);
    if (edits.some(([file, edit]) => touchesAny(edit, chosen.get(file) ?? []))) continue;
    for (const [file, edit] of edits) chosen.set(file, [...(chosen.get(file) ?? []), edit]);
    applied.push(finding);
  }
  const texts = [...chosen].map(([file, edits]): [string, string] => [
    file,
    edited(textOf(file) ?? '', edits),
  ]);
  return { texts: new Map(texts), applied };
}

/** Undefined where there is nothing to do, or where the text of a file that it needs is not known. */
function editsOf(
  { fix }: Finding,
  textOf: (file: string) => string | undefined,
): [string, Edit][] | undefined {
  if (fix === undefined || fix.edits.length === 0) return undefined;
  const edits = fix.edits.map(({ at, text }): [string, Edit] => [
    at.file,
    { start: at.start, end: at.end, text },
  ]);
  const isPossible = ([file, { start, end, text: inserted }]: [string, Edit]) => {
    const text = textOf(file);
    return (
      text !== undefined &&
      start >= 0 &&
      start <= end &&
      end <= text.length &&
      text.slice(start, end) !== inserted
    );
  };
  return edits.every(isPossible) ? edits : undefined;
}

/** Edits side by side touch too: which of the two comes first would be chance. */
function touchesAny(edit: Edit, others: readonly Edit[]): boolean {
  return others.some((other) => edit.start <= other.end && other.start <= edit.end);
}

function isSame(one: Edit, other: Edit): boolean {
  return one.start === other.start && one.end === other.end && one.text === other.text;
}

function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: inserted } of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + inserted;
    at = end;
  }
  return result + text.slice(at);
}
