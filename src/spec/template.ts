/**
 * `${…}` in texts of the spec: `variables.NAME`, `partition`, `partition:%Y/%m/%d`, `slice.NAME`.
 * Anything else between `${` and `}` is an error that lint reports; a lone `$` is a `$`.
 */
export interface Placeholder {
  /** The expression between the braces, as written. */
  readonly expression: string;
  /** Offset of `${` in the text, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

const PLACEHOLDER = /\$\{([^{}]*)\}/g;

export function placeholders(text: string): Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => ({
    expression: (match[1] ?? '').trim(),
    offset: match.index,
    length: match[0].length,
  }));
}

/** Replaces each placeholder by what `value` says of its expression; `undefined` leaves it as it was. */
export function substitute(text: string, value: (expression: string) => string | undefined): string {
  return text.replace(PLACEHOLDER, (whole, expression: string) => value(expression.trim()) ?? whole);
}

/** `2026-01-31` by a format of `%Y`, `%m`, `%d`, `%y`, `%j` and `%%`; without a format, as it is. */
export function formatPartition(partition: string, format?: string): string {
  if (format === undefined) return partition;
  const [year = '', month = '', day = ''] = partition.split('-');
  const dayOfYear = (Date.parse(partition) - Date.parse(`${year}-01-01`)) / 86_400_000 + 1;
  const parts: Record<string, string> = {
    Y: year,
    y: year.slice(2),
    m: month,
    d: day,
    j: String(dayOfYear).padStart(3, '0'),
    '%': '%',
  };
  return format.replace(/%(.)/g, (whole, directive: string) => parts[directive] ?? whole);
}
