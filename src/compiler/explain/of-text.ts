import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'correctness', certain: true } as const;

/** What is found while the text becomes YAML. The examples are whole files. */
export const OF_TEXT: readonly Explanation[] = [
  {
    ...common,
    name: 'unreadable-spec',
    why: 'There is no file under this name, it is a folder, or this user may not read it.',
    bad: '',
    good: '',
  },
  {
    ...common,
    name: 'not-text',
    why: 'A spec is text in UTF-8. Another encoding, such as UTF-16 or Latin-1, would be read as other characters than you see in your editor.',
    bad: 'version: 1\u0000',
    good: 'version: 1\nenvironments: {}\npipelines: {}',
  },
  {
    ...common,
    name: 'empty-spec',
    why: 'A file without content is more likely the wrong one than a spec of nothing.',
    bad: '# Nothing yet.',
    good: 'version: 1\nenvironments: {}\npipelines: {}',
  },
  {
    ...common,
    name: 'yaml-syntax',
    why: 'The text is not YAML from here on, so nothing after it can be judged. Often the cause stands a line above: a quote or bracket that is not closed, a tab, a colon inside of a text.',
    bad: 'version: 1\nenvironments: {}\npipelines: { flights: [ }',
    good: 'version: 1\nenvironments: {}\npipelines: {}',
  },
  {
    ...common,
    name: 'unquoted-placeholder',
    why: 'Inside of `{}` and `[]` braces are YAML’s own: an unquoted ${…} ends the map in the middle.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights:\n    extract: { source: api, query: { day: ${partition} } }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights:\n    extract: { source: api, query: { day: "${partition}" } }',
  },
  {
    ...common,
    name: 'several-documents',
    why: 'A spec is one document. What stands behind `---` would be read by nobody.',
    bad: 'version: 1\nenvironments: {}\npipelines: {}\n---\nversion: 1',
    good: 'version: 1\nenvironments: {}\npipelines: {}',
  },
  {
    ...common,
    name: 'duplicate-key',
    why: 'Only one of the two can count, and YAML libraries do not agree on which.',
    bad: 'version: 1\nversion: 1\nenvironments: {}\npipelines: {}',
    good: 'version: 1\nenvironments: {}\npipelines: {}',
  },
  {
    ...common,
    name: 'duplicate-pipeline',
    why: 'Two pipelines of one name would be one DAG: only one of the two could be built, and nothing would say which.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: { dbt: { project: dbt, select: [a] } }\n  flights: { dbt: { project: dbt, select: [b] } }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: { dbt: { project: dbt, select: [a] } }\n  arrivals: { dbt: { project: dbt, select: [b] } }',
  },
  {
    ...common,
    name: 'unbalanced-quotes',
    why: 'A quote that is not closed takes the lines below into its text, up to the next quote of whatever value that is; one that closes too early leaves the rest of the text as a value without a key.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights:\n    description: "Flights of the day\n    dbt: { project: dbt, select: [a] }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights:\n    description: "Flights of the day"\n    dbt: { project: dbt, select: [a] }',
  },
  {
    ...common,
    name: 'tab-indentation',
    why: 'YAML takes no tabs for indentation: each editor shows one as another width, so nobody could tell which map a line belongs to.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n\tflights: { dbt: { project: dbt, select: [a] } }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: { dbt: { project: dbt, select: [a] } }',
  },
  {
    ...common,
    name: 'nested-too-deeply',
    why: 'No spec has thousands of levels. A file that does was made by a mistake, or to stop whoever reads it.',
    bad: `version: 1\nenvironments: {}\npipelines: ${'['.repeat(20_000)}`,
    good: 'version: 1\nenvironments: {}\npipelines: {}',
  },
  {
    ...common,
    name: 'yaml-version',
    why: 'In YAML 1.1 `no` is false, 010 is eight and 12:30 is 750. A spec is YAML 1.2, where they are not; a file that names another version was written with those in mind.',
    bad: '%YAML 1.1\n---\nversion: 1\nenvironments: {}\npipelines: {}',
    good: 'version: 1\nenvironments: {}\npipelines: {}',
  },
  {
    ...common,
    name: 'unknown-tag',
    why: 'A tag such as !env or !include asks a certain reader for something. Here nothing would read it: the text behind it would be taken for the value.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: { owner: !env OWNER, dbt: { project: dbt, select: [a] } }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: { owner: data-platform, dbt: { project: dbt, select: [a] } }',
  },
  {
    ...common,
    name: 'key-not-text',
    why: 'A name is a text. A list, a map or nothing in its place is most often a template that nobody has filled in, or a lost name.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  ~: { dbt: { project: dbt, select: [a] } }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: { dbt: { project: dbt, select: [a] } }',
  },
  {
    ...common,
    name: 'reserved-key',
    why: 'JavaScript gives `__proto__` a meaning of its own: as a key it would change the map that it stands in, not be an entry of it.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  __proto__: { dbt: { project: dbt, select: [a] } }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  prototype: { dbt: { project: dbt, select: [a] } }',
  },
  {
    ...common,
    name: 'lone-surrogate',
    why: 'An escape can write half of a character. No file, no JSON and no Python could hold it.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: { description: "\\uD83D", dbt: { project: dbt, select: [a] } }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: { description: "\\U0001F6EB", dbt: { project: dbt, select: [a] } }',
  },
];
