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
    why: 'A spec is text in UTF-8. Another encoding would be read as other characters than you see in your editor.',
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
    name: 'unresolved-alias',
    why: 'An alias stands for what an anchor above it holds. Without the anchor it stands for nothing; a text that only looks like one needs quotes.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: *base',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: &base { dbt: { project: dbt, select: [a] } }\n  arrivals: *base',
  },
  {
    ...common,
    name: 'lone-surrogate',
    why: 'An escape can write half of a character. No file, no JSON and no Python could hold it.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: { description: "\\uD83D", dbt: { project: dbt, select: [a] } }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: { description: "\\U0001F6EB", dbt: { project: dbt, select: [a] } }',
  },
];
