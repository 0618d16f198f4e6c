import { exampleText } from './example.ts';
import type { Explanation } from './explanation.ts';

const WIDTH = 100;

/** What `pipegen explain NAME` prints. */
export function printExplanation(explanation: Explanation): string {
  const { name, severity, category, why, bad, good, files = {} } = explanation;
  const parts = [`${name} (${severity}, ${category})`, wrap(why)];
  if (bad !== '') {
    const beside = Object.entries(files).map(([path, text]) => `With ${path}:\n${indent(text.trimEnd())}`);
    parts.push(`Found in:\n${indent(exampleText(bad))}`, ...beside, `Sound:\n${indent(exampleText(good))}`);
  }
  parts.push(wrap(silencing(explanation)));
  return `${parts.join('\n\n')}\n`;
}

/** What `pipegen explain` prints: every name, by category, errors first. */
export function printNames(explanations: Iterable<Explanation>): string {
  const all = [...explanations];
  const longest = Math.max(...all.map(({ name }) => name.length));
  const groups = [...Map.groupBy(all, ({ category }) => category)].map(([category, ones]) => {
    const lines = ones
      .toSorted((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0))
      .map(({ name, severity }) => `  ${name.padEnd(longest)}  ${severity}`);
    return `${category}\n${lines.join('\n')}`;
  });
  return `${groups.sort().join('\n\n')}\n\n\`pipegen explain NAME\` says why, with an example of both.\n`;
}

/** Whether and how a person may say that it is meant so. */
export function silencing({ name, certain }: Explanation): string {
  return certain === true
    ? 'It can’t be silenced.'
    : `Where it is meant so, say why on the line above: # pipegen-ignore ${name}: REASON`;
}

function wrap(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
