import { type Checked, check } from '../compiler/compile.ts';
import { customRules } from '../compiler/custom-rules/custom-rules.ts';
import { ruleEntries } from '../compiler/custom-rules/rule-entries.ts';
import type { RuleFiles } from '../compiler/custom-rules/rule-file.ts';
import { isFragment } from '../compiler/explain/example.ts';
import { laidOver, readFolder, readText } from '../compiler/explain/sound-spec.ts';
import type { Finding } from '../compiler/finding.ts';
import { parse } from '../compiler/parse.ts';
import { readSpec } from '../compiler/read-spec.ts';
import { pretty } from '../compiler/reporters/pretty.ts';
import type { Rule } from './rules.ts';

/** What `rules` would name, in a file beside the example. */
const FILE = 'rule.ts';
const ENTRY = parse(FILE, Buffer.from(`rules: [${FILE}]`)).source;
const BESIDE = ENTRY === undefined ? [] : [ENTRY];

/**
 * The test of a rule: it finds something in its bad example, and nothing at all is found in its good one.
 * @throws Error that says which of the two is not so, with what was found; or why it is no rule
 */
export function checkExamples(rule: Rule): void {
  const ruleFiles: RuleFiles = new Map([[FILE, [{ path: FILE, loaded: { exported: rule } }]]]);
  refuse(customRules(ruleEntries(BESIDE), ruleFiles).findings);
  const bad = findingsIn(rule.bad, ruleFiles);
  if (!bad.findings.some(({ name }) => name === rule.name)) {
    throw new Error(`"${rule.name}" finds nothing in its bad example; ${sayingOf(bad)}`);
  }
  const good = findingsIn(rule.good, ruleFiles);
  if (good.findings.length > 0) {
    throw new Error(`the good example of "${rule.name}" is not sound; ${sayingOf(good)}`);
  }
}

function findingsIn(example: string, ruleFiles: RuleFiles): Checked {
  const bytes = Buffer.from(isFragment(example) ? laidOver(example) : example);
  const input = { file: 'pipelines.yaml', bytes, readText, readFolder, ruleFiles };
  const read = readSpec(input);
  const checked = check({ ...input, read: { ...read, files: [...read.files, ...BESIDE] } });
  refuse(checked.findings.filter(({ at }) => at.file === FILE));
  return checked;
}

/** @throws Error of what is wrong with the rule itself */
function refuse([first]: readonly Finding[]): void {
  if (first === undefined) return;
  throw new Error(`${first.message.replace(/^rule\.ts(:[0-9:]+)?: /, '')}: ${first.help}`);
}

function sayingOf({ findings, texts }: Checked): string {
  if (findings.length === 0) return 'there is no other finding in it either';
  return `what is found there:\n\n${pretty(findings, (file) => texts.get(file), false)}`;
}
