import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'correctness', certain: true } as const;

/** A spec of one pipeline with something in it. */
function having(settings: string): string {
  return `version: 1
environments: {}
pipelines:
  flights:
    dbt: { project: dbt, select: [a] }
    ${settings}
`;
}

/** Values that YAML takes for something else than their writer does. The examples are whole files. */
export const OF_VALUES: readonly Explanation[] = [
  {
    ...common,
    name: 'leading-zero',
    why: 'YAML takes unquoted digits for a number, and a number has no zero in front: an airport, an account or a postal code would lose it. Quotes keep the text.',
    bad: having('tags: [007]'),
    good: having('tags: ["007"]'),
  },
  {
    ...common,
    name: 'reshaped-number',
    why: 'YAML takes 1.10 for the number 1.1, and 1e3 for 1000. Where a text is meant, such as a version, it would be another one. Quotes keep it as it is written.',
    bad: having('tags: [1.10]'),
    good: having('tags: ["1.10"]'),
  },
  {
    ...common,
    name: 'lost-digits',
    why: 'A number of YAML holds some 15 digits here, as in most languages. The last ones of a longer one are changed without a word, which makes an identifier that of somebody else.',
    bad: having('tags: [12345678901234567890]'),
    good: having('tags: ["12345678901234567890"]'),
  },
  {
    ...common,
    name: 'yes-or-no',
    why: 'YAML 1.1 took yes, no, on and off for true and false; YAML 1.2 takes them for text. As one of the two readings is wrong for somebody, a spec says true or false.',
    bad: having('catchup: no'),
    good: having('catchup: false'),
  },
  {
    ...common,
    name: 'clock-time',
    why: 'YAML 1.1 took 12:30 for 750, the seconds or minutes of a clock. In YAML 1.2 it is text, and which of the two was meant can’t be told. A duration says its unit.',
    bad: having('timeout: 12:30'),
    good: having('timeout: 12m'),
  },
];
