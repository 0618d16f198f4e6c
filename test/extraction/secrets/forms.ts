const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Ways to write a secret in an answer, a message or a file. */
export function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret);
  const field = new URLSearchParams({ k: secret }).toString().slice(2);
  const url = base64(secret).replaceAll('+', '-').replaceAll('/', '_');
  const solidus = inJson(secret).replaceAll('/', '\\/');
  const all = [
    secret,
    percent,
    lower(percent),
    field,
    lower(field),
    encodeURI(secret),
    lower(encodeURI(secret)),
    inJson(secret),
    solidus,
    solidus.replaceAll('é', '\\u00e9'),
    solidus.replaceAll('é', '\\u00E9'),
    base64(secret),
    base64(secret).replace(/=+$/, ''),
    url.replace(/=+$/, ''),
  ];
  return [...new Set(all)];
}

/** A header of basic authentication, as a careless server repeats it. */
export function asPassword(secret: string): string {
  return base64(`zoë:${secret}`);
}

/** What must be nowhere: the secret in any form, and what of such a header belongs to it alone. */
export function tracesOf(secret: string): string[] {
  return [...formsOf(secret), asPassword(secret).slice(8, -4), base64(`:${secret}`).slice(4, -4)];
}

/** Those of the forms that stand in the bytes, as UTF-8, Latin-1 or UTF-16. */
export function foundIn(bytes: Buffer, forms: readonly string[]): string[] {
  return forms.filter((form) =>
    (['utf8', 'latin1', 'utf16le'] as const).some((encoding) => bytes.includes(Buffer.from(form, encoding))),
  );
}
