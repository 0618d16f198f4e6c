import { type Checked, check } from '../compiler/compile.ts';
import { isFragment } from '../compiler/explain/example.ts';
import { laidOver, readFolder, readText } from '../compiler/explain/sound-spec.ts';
import { parse } from '../compiler/parse.ts';
import { readSpec } from '../compiler/read-spec.ts';
import { pretty } from '../compiler/reporters/pretty.ts';
import type { Rule } from './rules.ts';

/** An entry of `rules` beside the example, which has none. */
const FILE = 'rule.ts';

/**
 * The test of a rule: it finds something in its bad example, and nothing at all is found in its good one.
 * @throws Error that says which of the two is not so, with what was found
 */
export function checkExamples(rule: Rule): void {
  const bad = findingsIn(rule, rule.bad);
  if (!bad.findings.some(({ name }) => name === rule.name)) {
    throw new Error(`"${rule.name}" finds nothing in its bad example; ${sayingOf(bad)}`);
  }
  const good = findingsIn(rule, rule.good);
  if (good.findings.length > 0) {
    throw new Error(`the good example of "${rule.name}" is not sound; ${sayingOf(good)}`);
  }
}

/** @throws Error where it is no rule, or its check fails */
function findingsIn(rule: Rule, example: unknown): Checked {
  const text = typeof example === 'string' ? example : '';
  const input = {
    file: 'pipelines.yaml',
    bytes: Buffer.from(isFragment(text) ? laidOver(text) : text),
    readText,
    readFolder,
  };
  const entry = parse(FILE, Buffer.from(`rules: [${FILE}]`)).source;
  const read = readSpec(input);
  const checked = check({
    ...input,
    read: { ...read, files: [...read.files, ...(entry === undefined ? [] : [entry])] },
    ruleFiles: new Map([[FILE, [{ path: FILE, loaded: { exported: rule } }]]]),
  });
  const [failure] = checked.findings.filter(({ at }) => at.file === FILE);
  if (failure === undefined) return checked;
  throw new Error(`${failure.message.replace(`${FILE}: `, '')}: ${failure.help}`);
}

function sayingOf({ findings, texts }: Checked): string {
  if (findings.length === 0) return 'there is no other finding in it either';
  return `what is found there:\n\n${pretty(findings, (file) => texts.get(file), false)}`;
}
