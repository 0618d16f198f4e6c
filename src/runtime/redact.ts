/** Stands where a secret's value was. */
export const REDACTED = '***';

/** Shorter ones can't be told from ordinary text, so they can't be kept out of logs. */
export const SHORTEST_SECRET = 4;

/** Removes secrets from a text. */
export interface Redactor {
  (text: string): string;
  /** One more secret, known only now: a token that a server gave. */
  add(value: string): void;
}

/**
 * Removes the values in every form in which they travel: plain, percent-encoded, as a form field, inside JSON, and in
 * base64 at each of its three alignments (`user:key` of basic authentication).
 */
export function createRedactor(values: readonly string[]): Redactor {
  let forms: string[] = [];
  const add = (value: string) => {
    if (value === '') return;
    forms = [...new Set([...forms, ...formsOf(value)])];
    // Longest first: a form may contain another one.
    forms.sort((a, b) => b.length - a.length);
  };
  for (const value of values) add(value);
  const redact = (text: string) => forms.reduce((clean, form) => clean.replaceAll(form, REDACTED), text);
  return Object.assign(redact, { add });
}

/** Every way in which a value may be written in a text, itself included. */
export function formsOf(value: string): string[] {
  const percent = encodeURIComponent(value);
  const strict = percent.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const field = new URLSearchParams({ '': value }).toString().slice(1);
  // Of an address into which it was put as it is: only what no address may hold is encoded.
  const address = new URL(`http://host/?${value.replaceAll('#', '%23')}`).search.slice(1);
  const escaped = [percent, strict, field, encodeURI(value), address];
  const lower = escaped.map((text) => text.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase()));
  return [...new Set([value, ...escaped, ...lower, ...jsonForms(value), ...base64Forms(value)])];
}

/** Inside a JSON text, and inside one that is a text of another; writers differ in what they escape. */
function jsonForms(value: string): string[] {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const plain = inJson(value);
  const solidus = plain.replaceAll('/', '\\/');
  const ascii = (text: string, digits: (hex: string) => string) =>
    text.replace(/[^ -~]/g, (one) => `\\u${digits(one.charCodeAt(0).toString(16).padStart(4, '0'))}`);
  const once = [plain, solidus].flatMap((text) => [
    text,
    ascii(text, (hex) => hex),
    ascii(text, (hex) => hex.toUpperCase()),
  ]);
  return [...once, ...once.map(inJson)];
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
    if (core.length < SHORTEST_SECRET) continue;
    // The value at the end, as a password is, and anywhere.
    for (const text of [encoded.slice(first), core]) {
      forms.push(text, text.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return forms;
}
