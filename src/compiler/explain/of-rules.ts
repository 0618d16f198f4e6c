import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'practice', certain: true } as const;

/** A rule of a project in words that fit on a page. */
function ruleFile(name: string, check = 'check() {},'): string {
  return `import type { Rule } from 'pipegen/rules';

export default {
  name: '${name}',
  severity: 'warning',
  category: 'practice',
  why: 'Whoever reads a description at night needs more than a word.',
  bad: 'pipelines: { flights: { description: Flights } }',
  good: 'pipelines: { flights: { description: Flights of the day } }',
  ${check}
} satisfies Rule;
`;
}

/** What is found in the rules that a project has of its own, and in what its policy says of rules. */
export const OF_RULES: readonly Explanation[] = [
  {
    ...common,
    name: 'unknown-rule',
    why: 'A change of the severity of a rule that is not there changes nothing, while its author believes that it does.',
    bad: 'policy: { severity: { missing-descripton: error } }',
    good: 'policy: { severity: { missing-description: error } }',
  },
  {
    ...common,
    name: 'fixed-severity',
    why: 'What would make a wrong DAG or end every run is an error for everybody: with it turned off, the first run would find it instead of lint. That holds for all that is found while a spec is read and its names are looked up, and for the rules that can’t be silenced; each may be made an error where it is a warning. A rule that asks for what one may see otherwise can be error, warning or off.',
    bad: 'policy: { severity: { unknown-source: warning } }',
    good: 'policy: { severity: { missing-owner: warning } }',
  },
  {
    ...common,
    name: 'unusable-rule',
    why: 'What an entry of `rules` names is not there, can’t be imported or is no rule. Left out in silence, whatever it forbids would be allowed from then on.',
    bad: 'rules: [rules/*.ts]',
    good: 'rules: []',
  },
  {
    ...common,
    name: 'duplicate-rule',
    why: 'A finding, a silence and a severity are known by the name of their rule. With two rules of one name nobody could tell which of the two is meant.',
    bad: 'rules: [rules/owner.ts]',
    good: 'rules: [rules/description.ts]',
    files: {
      'rules/owner.ts': ruleFile('missing-owner'),
      'rules/description.ts': ruleFile('acme-short-description'),
    },
  },
  {
    ...common,
    name: 'failing-rule',
    why: 'A rule of the project ended before it was through, so that what it would have found is not known. It is an error in the rule and not in the spec. A check reports all before it returns, and changes nothing of the spec.',
    bad: 'rules: [rules/careless.ts]',
    good: 'rules: [rules/careful.ts]',
    files: {
      'rules/careless.ts': ruleFile(
        'acme-careless',
        `check(spec, report) {
    const [environment] = spec.environments.filter(({ name }) => name === 'staging');
    report({ message: 'staging is there', layers: environment.layers, path: [] });
  },`,
      ),
      'rules/careful.ts': ruleFile('acme-careful'),
    },
  },
];
