import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { check } from '../../../src/compiler/compile.ts';
import { EXPLANATIONS, SILENCEABLE } from '../../../src/compiler/explain/explanations.ts';
import type { Finding } from '../../../src/compiler/finding.ts';
import { merge } from '../../../src/compiler/layers.ts';

/** A spec that violates every part of its policy, and more. */
const SPEC: unknown = parse(
  readFileSync(new URL('../findings/policy-violated/pipelines.yaml', import.meta.url), 'utf8'),
);

function findings(severity: object, changes: object = {}): Finding[] {
  const text = stringify(merge(merge(SPEC, changes), { include: null, policy: { severity } }));
  return check({ file: 'x.yaml', bytes: Buffer.from(text), readText: () => 'export function* read() {}' })
    .findings;
}

const told = (all: readonly Finding[]) =>
  all.map(({ name, severity, message }) => JSON.stringify([name, severity, message])).sort();

/** What is found that nobody may decide about, in a spec with such mistakes. */
const BROKEN = {
  pipelines: {
    crm: { retires: 3 },
    sales_orders: { schedule: { cron: 'never' }, load: { partition_column: 'no_such_column' } },
    erp_stock: { extract: { source: 'epr' } },
  },
};

const change = fc.constantFrom('error', 'warning', 'off');

describe('policy.severity', () => {
  const before = findings({});
  const names = [...new Set(before.map(({ name }) => name))];

  it('is tried on a spec of which much is found', () => {
    expect(names.length).toBeGreaterThan(5);
    expect(names.every((name) => SILENCEABLE.includes(name))).toBe(true);
  });

  it('changes what a rule weighs, and nothing else', () => {
    const some = fc.dictionary(fc.constantFrom(...names, ...SILENCEABLE), change);
    fc.assert(
      fc.property(some, (severity) => {
        const expected = before.flatMap((one) => {
          const changed = severity[one.name] ?? one.severity;
          return changed === 'off' ? [] : [{ ...one, severity: changed } as Finding];
        });
        expect(told(findings(severity))).toEqual(told(expected));
      }),
      { numRuns: 100 },
    );
  });

  it('takes no error away that nobody may silence', () => {
    const isFixed = ({ name }: Finding) => !SILENCEABLE.includes(name);
    const fixed = findings({}, BROKEN).filter(isFixed);
    expect(fixed.length).toBeGreaterThan(2);
    const some = fc.dictionary(fc.constantFrom(...EXPLANATIONS.keys()), change, { maxKeys: 200 });
    fc.assert(
      fc.property(some, (severity) => {
        const after = findings(severity, BROKEN).filter(isFixed);
        expect(told(after)).toEqual(expect.arrayContaining(told(fixed)));
        const said = after.filter(({ name }) => name === 'fixed-severity').length;
        const wrong = Object.entries(severity).filter(([name, one]) => {
          return !SILENCEABLE.includes(name) && one !== 'error' && one !== EXPLANATIONS.get(name)?.severity;
        });
        expect(said).toBe(wrong.length);
      }),
      { numRuns: 50 },
    );
  });

  it('raises a warning that is an error otherwise, or of the text', () => {
    const text = (severity: string) => `version: 1
policy: { severity: ${severity} }
environments: {}
pipelines: { flights: { retries: 03, dbt: { project: dbt, select: [a] } } }
`;
    const found = (severity: string) =>
      check({ file: 'x.yaml', bytes: Buffer.from(text(severity)) }).findings.map((one) => [
        one.name,
        one.severity,
      ]);
    expect(found('{}')).toEqual([['leading-zero', 'warning']]);
    expect(found('{ leading-zero: error }')).toEqual([['leading-zero', 'error']]);
  });
});
