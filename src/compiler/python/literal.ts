import { type Python, python } from './python.ts';

/**
 * Controls, marks that show nothing or turn the direction of reading, and surrogates without their other half.
 * By number and not by Unicode property, so that a newer Node prints the same bytes.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it is for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeUnseen(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hexadecimal = code.toString(16);
    if (code > 0xffff) return `\\U${hexadecimal.padStart(8, '0')}`;
    return NAMED[character] ?? (code > 0xff ? `\\u${hexadecimal}` : `\\x${hexadecimal.padStart(2, '0')}`);
  });
}

/** A text on one line. Double quotes, unless single ones need fewer escapes: what `ruff format` prefers. */
export function string(text: string): Python {
  const count = (character: string) => text.split(character).length - 1;
  const quote = count('"') > count("'") ? "'" : '"';
  const escaped = escapeUnseen(text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`));
  return python(quote + escaped + quote);
}

/** A text of several lines as it stands: raw between three quotes where Python can, else with escapes. */
export function block(text: string): Python {
  const readable = text.replaceAll('\n', '').search(UNSEEN) < 0;
  const closes = text.includes('"""') || /["\\]$/.test(text);
  if (!readable || closes) return escapedBlock(text);
  return python(`${text.includes('\\') ? 'r' : ''}"""${text}"""`);
}

function escapedBlock(text: string): Python {
  // A quote at either end, or beside another, would be read or formatted as part of the delimiter.
  const quoted = text.replaceAll('\\', '\\\\').replaceAll(/^"|"(?="|$)/g, '\\"');
  return python(`"""${quoted.split('\n').map(escapeUnseen).join('\n')}"""`);
}

/**
 * The docstring of a module. `ruff format` trims its lines and widens tabs, so that is done here; all that is
 * left reads as it was written.
 */
export function docstring(text: string): Python {
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map((line) => line.replaceAll('\t', '    '));
  const trimmed = lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
  return escapedBlock(`${trimmed}\n`);
}

/** A finite number; a whole one without a fraction. */
export function number(value: number): Python {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no literal in Python`);
  return python(String(value).replace('e+', 'e'));
}

export function boolean(value: boolean): Python {
  return python(value ? 'True' : 'False');
}
