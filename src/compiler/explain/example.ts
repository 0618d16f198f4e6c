import { parse, stringify } from 'yaml';
import { isMapping } from '../layers.ts';

/** Longer lines are cut: what they show is that they are long. */
const WIDTH = 100;

/**
 * An example as a person reads it: a fragment with a line for each key, a whole file as it stands.
 * @param text of a rule's `bad` or `good`
 */
export function exampleText(text: string): string {
  const written = isFragment(text) ? stringify(parse(text), { lineWidth: 0 }) : text;
  const lines = written.replaceAll('\0', '\\0').trim().split('\n');
  return lines.map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line)).join('\n');
}

/** Whether the example is laid over a sound spec, rather than being one. */
export function isFragment(text: string): boolean {
  if (text.trim() === '' || /^(#.*\n?)?version:|^[#%]/.test(text.trim())) return false;
  try {
    return isMapping(parse(text));
  } catch {
    return false;
  }
}
