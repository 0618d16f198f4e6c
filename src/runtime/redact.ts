/** Stands where a secret's value was. */
export const REDACTED = '***';

/** Shorter ones can't be told from ordinary text, so they can't be kept out of logs. */
export const SHORTEST_SECRET = 4;

/**
 * A function that removes the values from a text, in every form in which they travel: plain, percent-encoded,
 * as a form field, inside JSON, and in base64 at each of its three alignments (`user:key` of basic authentication).
 */
export function createRedactor(values: readonly string[]): (text: string) => string {
  const forms = [...new Set(values.filter((value) => value !== '').flatMap(formsOf))];
  // Longest first: a form may contain another one.
  forms.sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((clean, form) => clean.replaceAll(form, REDACTED), text);
}

function formsOf(value: string): string[] {
  const percent = encodeURIComponent(value);
  const strict = percent.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const field = new URLSearchParams({ '': value }).toString().slice(1);
  const texts = [value, percent, strict, field, JSON.stringify(value).slice(1, -1)];
  const lower = texts.map((text) => text.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase()));
  return [...texts, ...lower, ...base64Forms(value)];
}

/** The characters of base64 that depend on nothing but the value, for each position it can start at. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const forms: string[] = [];
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = shift === 0 ? 0 : shift + 1;
    const last = (shift + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    const core = encoded.slice(first, last);
    // A core this short would match ordinary text.
    if (core.length >= SHORTEST_SECRET) forms.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}
