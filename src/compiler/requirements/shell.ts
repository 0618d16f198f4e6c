/** A word that a shell hands on as it is. */
export function word(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Commands in Markdown; the fence is longer than any run of backticks inside. */
export function commands(lines: readonly string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

/** Each once, in order. */
export function distinct(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}
