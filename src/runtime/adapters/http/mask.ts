import { configuration } from '../../errors.ts';
import { formsOf, REDACTED } from '../../redact.ts';

/** Shorter secrets can stand in data by chance, and what is masked there would be lost. */
export const SHORTEST_TO_MASK = 16;

/**
 * The body of a page without the secrets: an API may repeat its request, in a link to the next page for instance, and
 * what is landed stays for months. Everything else stays byte for byte, in whatever encoding it is.
 */
export interface Mask {
  (body: Buffer): Buffer;
  /** One more secret, such as a token that a server gave. */
  add(secret: string): void;
}

interface Form {
  bytes: Buffer;
  /** Of a secret that is long enough to be told apart from data. */
  long: boolean;
}

export function createMask(secrets: readonly string[]): Mask {
  const forms: Form[] = [];
  const add = (secret: string) => {
    const long = secret.length >= SHORTEST_TO_MASK;
    for (const form of formsOf(secret)) {
      for (const bytes of encodingsOf(form)) forms.push({ bytes, long });
    }
    // Longest first: a form may contain another one.
    forms.sort((a, b) => b.bytes.length - a.bytes.length);
  };
  for (const secret of secrets) add(secret);

  const mask = (body: Buffer): Buffer => {
    let clean = body;
    for (const { bytes, long } of forms) {
      if (!clean.includes(bytes)) continue;
      if (!long) {
        throw configuration(
          `the API's answer holds the text of the key, which is too short (below ${SHORTEST_TO_MASK} characters) to be told apart from data and masked: use a longer key`,
        );
      }
      clean = without(clean, bytes);
    }
    return clean;
  };
  return Object.assign(mask, { add });
}

/** A page may be in any of these; UTF-16 in either order of its bytes. */
function encodingsOf(form: string): Buffer[] {
  const wide = Buffer.from(form, 'utf16le');
  const narrow = Buffer.from(form, 'latin1');
  const latin1 = narrow.toString('latin1') === form;
  return [
    Buffer.from(form),
    ...(latin1 && narrow.length !== Buffer.byteLength(form) ? [narrow] : []),
    wide,
    Buffer.from(wide).swap16(),
  ];
}

function without(body: Buffer, part: Buffer): Buffer {
  const pieces: Buffer[] = [];
  const stars = Buffer.from(REDACTED, part[1] === 0 ? 'utf16le' : 'utf8');
  const instead = part[0] === 0 ? Buffer.from(REDACTED, 'utf16le').swap16() : stars;
  let from = 0;
  for (let at = body.indexOf(part); at !== -1; at = body.indexOf(part, from)) {
    pieces.push(body.subarray(from, at), instead);
    from = at + part.length;
  }
  return Buffer.concat([...pieces, body.subarray(from)]);
}
