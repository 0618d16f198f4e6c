// JSON text (RFC 8259) in UTF-8 of which only the end is wanted. Written for speed: it looks at every byte of a page.

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d];
const [BRACE, END_BRACE, BRACKET, END_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** A number of more digits is JSON too; where it ends is then a question for JSON.parse. */
const LONGEST_NUMBER = 1024;
const ESCAPED = new Set([...'"\\/bfnrtu'].map((character) => character.charCodeAt(0)));

/** @returns the position of the first byte that is no white space */
export function skipSpace(body: Uint8Array, at: number): number {
  let here = at;
  while (isSpace(body[here] as number)) here += 1;
  return here;
}

function isSpace(byte: number): boolean {
  return byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

/** @returns the position after the string that begins at `at`, -1 where there is none */
export function skipString(body: Uint8Array, at: number): number {
  return body[at] === QUOTE ? skipValue(body, at) : -1;
}

function skipEscape(body: Uint8Array, at: number): number {
  const escaped = body[at] ?? 0;
  if (!ESCAPED.has(escaped)) return -1;
  if (escaped !== 0x75) return at + 1;
  for (let digit = at + 1; digit <= at + 4; digit += 1) if (!isHex(body[digit] ?? 0)) return -1;
  return at + 5;
}

/**
 * Any depth of nesting, without recursion. In one function that reads each byte once: taken apart into functions of its
 * own it takes two and a half times as long.
 * @returns the position after the value that begins at `at`, -1 where there is none
 */
export function skipValue(body: Uint8Array, at: number): number {
  /** Closing brackets still to come; the one that comes first is `close`. */
  const open: number[] = [];
  let close = 0;
  /** What comes next is a key. */
  let key = false;
  let here = at;
  // After the last byte there is none, of which no comparison is true.
  let byte = body[here] as number;
  for (;;) {
    if (byte === QUOTE) {
      byte = body[++here] as number;
      for (;;) {
        while (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) byte = body[++here] as number;
        if (byte === QUOTE) break;
        // A control character, or the end.
        if (byte !== BACKSLASH) return -1;
        here = skipEscape(body, here + 1);
        if (here < 0) return -1;
        byte = body[here] as number;
      }
      byte = body[++here] as number;
      if (key) {
        while (isSpace(byte)) byte = body[++here] as number;
        if (byte !== COLON) return -1;
        byte = body[++here] as number;
        while (isSpace(byte)) byte = body[++here] as number;
        key = false;
        continue;
      }
    } else if (key) {
      return -1;
    } else if (byte === BRACE || byte === BRACKET) {
      const inner = byte === BRACE ? END_BRACE : END_BRACKET;
      byte = body[++here] as number;
      while (isSpace(byte)) byte = body[++here] as number;
      if (byte !== inner) {
        open.push(close);
        close = inner;
        key = inner === END_BRACE;
        continue;
      }
      byte = body[++here] as number;
    } else {
      here = skipScalar(body, here);
      if (here < 0) return -1;
      byte = body[here] as number;
    }
    for (;;) {
      if (close === 0) return here;
      while (isSpace(byte)) byte = body[++here] as number;
      if (byte === COMMA) {
        byte = body[++here] as number;
        while (isSpace(byte)) byte = body[++here] as number;
        key = close === END_BRACE;
        break;
      }
      if (byte !== close) return -1;
      close = open.pop() as number;
      byte = body[++here] as number;
    }
  }
}

function skipScalar(body: Uint8Array, at: number): number {
  switch (body[at]) {
    case 0x6e: // null
      return body[at + 1] === 0x75 && body[at + 2] === 0x6c && body[at + 3] === 0x6c ? at + 4 : -1;
    case 0x74: // true
      return body[at + 1] === 0x72 && body[at + 2] === 0x75 && body[at + 3] === 0x65 ? at + 4 : -1;
    case 0x66: // false
      return body[at + 1] === 0x61 && body[at + 2] === 0x6c && body[at + 3] === 0x73 && body[at + 4] === 0x65
        ? at + 5
        : -1;
    default:
      return skipNumber(body, at);
  }
}

function skipNumber(body: Uint8Array, at: number): number {
  let here = body[at] === MINUS ? at + 1 : at;
  const first = here;
  while (isDigit(body[here])) here += 1;
  // Whole numbers, of which there are more than of all others.
  const whole = here > first && (body[first] !== 0x30 || here === first + 1);
  if (whole && !isOfNumber(body[here])) return here;
  const end = Math.min(body.length, at + LONGEST_NUMBER);
  while (here < end && isOfNumber(body[here])) here += 1;
  return NUMBER.test(String.fromCharCode(...body.subarray(at, here))) ? here : -1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Digits, + - . and the e of an exponent. */
function isOfNumber(byte: number | undefined): boolean {
  return isDigit(byte) || byte === 0x2b || byte === MINUS || byte === 0x2e || byte === 0x65 || byte === 0x45;
}

function isHex(byte: number): boolean {
  const small = byte | 0x20;
  return isDigit(byte) || (small >= 0x61 && small <= 0x66);
}
