import { pipelinesOf, type Rule } from './rule.ts';

/** Constructs that other engines have and RE2, which never takes long, has not; https://github.com/google/re2/wiki/Syntax */
const BEYOND: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'a look ahead or behind'],
  [/\\[1-9]/, 'a reference to a group'],
  [/\(\?>|[*+?}]\+/, 'a possessive part'],
];

export const patternBeyondRe2: Rule = {
  name: 'pattern-beyond-re2',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Patterns are matched by RE2. One that it does not take ends the upload with code 78, after the API was paid for.',
  bad: 'pipelines: { flights: { columns: { flight: { pattern: "(?!XX).*" } } } }',
  good: 'pipelines: { flights: { columns: { flight: { pattern: "[A-Z0-9]{2}[0-9]{1,4}" } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const [name, { pattern }] of Object.entries(pipeline.settings.columns ?? {})) {
        if (pattern === undefined) continue;
        // A backslash and what it escapes, other than a number, and classes, in which most signs are themselves.
        const bare = pattern.replace(/\\[^1-9]/g, '_').replace(/\[\^?\]?[^\]]*\]/g, '_');
        const found = BEYOND.find(([construct]) => construct.test(bare));
        if (found === undefined) continue;
        report({
          message: `the pattern of "${name}" has ${found[1]}, which RE2 does not know`,
          layers: pipeline.layers,
          path: ['columns', name, 'pattern'],
          help: 'say it without; a list of texts is better under accepted',
        });
      }
    }
  },
};
