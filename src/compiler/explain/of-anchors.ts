import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'correctness', certain: true } as const;

/** Values one above the other, each of ten times the one before. */
function bomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const one = level === 0 ? 'x' : `*a${level - 1}`;
    return `  a${level}: &a${level} [${Array(10).fill(one).join(', ')}]`;
  });
  return `version: 1\nenvironments: {}\npipelines:\n${lines.join('\n')}`;
}

/** What is found about anchors, aliases and merge keys. The examples are whole files. */
export const OF_ANCHORS: readonly Explanation[] = [
  {
    ...common,
    name: 'unresolved-alias',
    why: 'An alias stands for what an anchor above it holds. Without the anchor it stands for nothing; a text that only looks like one needs quotes.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: *base',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: &base { dbt: { project: dbt, select: [a] } }\n  arrivals: *base',
  },
  {
    ...common,
    name: 'duplicate-anchor',
    why: 'YAML lets the later of two anchors win from there on. Who reads an alias sees one name, and can’t see which of the two it stands for.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: &base { dbt: { project: dbt, select: [a] } }\n  airports: &base { dbt: { project: dbt, select: [b] } }\n  arrivals: *base',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: &base { dbt: { project: dbt, select: [a] } }\n  airports: &other { dbt: { project: dbt, select: [b] } }\n  arrivals: *base',
  },
  {
    ...common,
    name: 'recursive-alias',
    why: 'An alias inside of what its anchor names would stand for itself, without an end.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: &flights\n    dbt: { project: dbt, select: [a] }\n    tags: *flights',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights:\n    dbt: { project: dbt, select: &selected [a] }\n    tags: *selected',
  },
  {
    ...common,
    name: 'too-many-aliases',
    why: 'Aliases of aliases multiply: ten lines can stand for billions of values, and whoever reads them runs out of memory. Ten thousand pipelines stay below the limit.',
    bad: bomb(7),
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: &base { dbt: { project: dbt, select: [a] } }\n  arrivals: *base',
  },
  {
    ...common,
    name: 'merge-of-no-map',
    why: '`<<` takes the entries of another map into this one. A text or a list of texts has none; most often the * of an alias is missing.',
    bad: 'version: 1\nenvironments: {}\npipelines:\n  flights: &base { dbt: { project: dbt, select: [a] } }\n  arrivals: { <<: base, owner: data-platform }',
    good: 'version: 1\nenvironments: {}\npipelines:\n  flights: &base { dbt: { project: dbt, select: [a] } }\n  arrivals: { <<: *base, owner: data-platform }',
  },
];
