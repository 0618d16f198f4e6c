/** What could move a cursor, hide text or turn its direction: the old side of a comparison is anybody's text. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text on one line, in which nothing is invisible. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A JSON value on one line, cut where it gets too long to be read there. */
export function shown(value: unknown, limit = 80): string {
  const text = visible(JSON.stringify(value) ?? 'nothing');
  const letters = [...text];
  return letters.length <= limit ? text : `${letters.slice(0, limit - 1).join('')}…`;
}
