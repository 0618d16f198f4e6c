import type { Finding, Place } from './finding.ts';

export type Trap = Pick<Finding, 'name' | 'message' | 'help' | 'fix'>;

/** Text that YAML before 1.2 took for true or false. */
const YES_OR_NO: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  y: true,
  no: false,
  off: false,
  n: false,
};

const CLOCK = /^[0-9]+:[0-5][0-9](:[0-5][0-9])?$/;

/**
 * Why a scalar is not what its writer takes it for; undefined where it is. Only asked where the schema expects another
 * type than YAML made of it.
 * @param subject the key or entry, as messages call it
 * @param written as it stands in the file
 */
export function scalarTrap(
  subject: string,
  expected: string,
  value: unknown,
  written: string,
  at: Place,
): Trap | undefined {
  if (expected === 'string' && typeof value === 'number' && written !== String(value) && isPlain(written)) {
    const isZero = /^[-+]?0[0-9]/.test(written);
    return {
      name: losesDigits(written, value) ? 'lost-digits' : isZero ? 'leading-zero' : 'reshaped-number',
      message: `${subject} must be text, and YAML reads ${written} as the number ${value}`,
      help: `write "${written}"`,
      fix: { title: 'put it in quotes', edits: [{ at, text: `"${written}"` }] },
    };
  }
  if (typeof value !== 'string') return undefined;
  const meant = Object.hasOwn(YES_OR_NO, value.toLowerCase()) ? YES_OR_NO[value.toLowerCase()] : undefined;
  if (expected === 'boolean' && meant !== undefined) {
    return {
      name: 'yes-or-no',
      message: `${subject} must be true or false, and YAML 1.2 reads ${value} as text`,
      help: `write ${meant}`,
      fix: { title: `write ${meant}`, edits: [{ at, text: String(meant) }] },
    };
  }
  if (['number', 'int', 'duration'].includes(expected) && CLOCK.test(value)) {
    const kind = expected === 'duration' ? 'a duration' : 'a number';
    return {
      name: 'clock-time',
      message: `${subject} must be ${kind}, and ${value} is text: YAML 1.2 has no times of day`,
      help: expected === 'duration' ? 'write a number and its unit: 30s, 12m or 2h' : 'write one number',
    };
  }
  return undefined;
}

/** Whether quotes around it make it a text. */
function isPlain(written: string): boolean {
  return /^[-+.0-9a-zA-Z_]+$/.test(written);
}

/** Whether a decimal number has more digits than JavaScript's holds. */
export function losesDigits(written: string, value: number): boolean {
  const digits = digitsOf(written);
  return digits.length > 15 && digits !== digitsOf(String(value));
}

function digitsOf(number: string): string {
  if (/[xo]|inf|nan/i.test(number)) return '';
  const [mantissa = ''] = number.toLowerCase().split('e');
  return mantissa.replace(/[-+.]/g, '').replace(/^0+|0+$/g, '');
}
