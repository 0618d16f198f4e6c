import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printJob } from '../../src/compiler/job-text.ts';

describe('the job as text', () => {
  it('parses to the same job and has nothing that Jinja or Kubernetes would take for its own', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '{#',
      '{{{',
      '$(NAME)',
      '$$',
      '$',
      '\\',
      '"',
      '"""',
      '\n',
      'é',
      '🛫',
    );
    const text = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 6 }).map((all) => all.join(''));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(text, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (job) => {
        const printed = printJob({ job });
        expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify({ job })));
        expect(printed).not.toMatch(/\{[{%#]|\$[$(]/);
      }),
      { numRuns: 1000 },
    );
  });

  it('puts what fits on one line', () => {
    expect(printJob({ a: [1, 2], b: { c: 'd' }, e: [], f: {}, g: undefined })).toBe(
      '{\n  "a": [1, 2],\n  "b": { "c": "d" },\n  "e": [],\n  "f": {}\n}',
    );
    const long = 'x'.repeat(60);
    expect(printJob({ a: [long, long] })).toBe(`{\n  "a": [\n    "${long}",\n    "${long}"\n  ]\n}`);
  });
});
