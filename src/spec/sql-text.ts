import { text } from './names.ts';

/**
 * What keeps a text from being one expression or one query; undefined where nothing does. The author's SQL is put
 * between parentheses: it must not end them, begin a second statement, or reach for the values that we bind.
 */
export function flawOf(sql: string): string | undefined {
  let depth = 0;
  for (const [token] of sql.matchAll(TOKENS)) {
    if (token.length > 1 && /^['"]/.test(token)) {
      // '\'' ends at its second quote on DuckDB and at its third on Snowflake.
      if (token.startsWith("'") && /\\'/.test(token))
        return 'has a \\ before a quote, which the warehouses read differently';
    } else if (token === "'" || token === '"') return `has a ${token} that nothing closes`;
    else if (token === '(') depth += 1;
    else if (token === ')') {
      depth -= 1;
      if (depth < 0) return 'closes a parenthesis that it did not open';
    } else return `must not hold ${token} outside quotes`;
  }
  return depth > 0 ? 'opens a parenthesis and does not close it' : undefined;
}

/** Quoted text, and what means something between quotes; a quote alone is one that nothing closes. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|['"();$?\0]|:(?=\d)|--|\/\*|\*\/|\/\//g;

const sqlText = text
  .refine((value) => value.trim() !== '', 'is empty')
  .superRefine((value, context) => {
    const flaw = flawOf(value);
    if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw, input: value });
  });

/** An expression that is true, false or null for each row. */
export const sqlCondition = sqlText;

/** One SELECT, with or without WITH before it. */
export const sqlQuery = sqlText.regex(
  /^\s*(select|with)\s/i,
  'must be one query: select … or with … select …',
);
