import { expect, test } from 'vitest';
import { nextLink } from '../../../src/runtime/adapters/http/paging/next-link.ts';

// Forms of RFC 8288, 3.5 and its appendix B.
test.each([
  ['nothing', undefined, null],
  ['one link', '<https://a.test/?p=2>; rel="next"', 'https://a.test/?p=2'],
  ['no quotes', '<https://a.test/?p=2>;rel=next', 'https://a.test/?p=2'],
  ['another relation', '<https://a.test/?p=1>; rel="prev"', null],
  ['several links', '</1>; rel="first", </3>; rel="next", </9>; rel=last', '/3'],
  ['several relations', '</3>; rel="last NEXT"', '/3'],
  ['commas and semicolons in the address', '</a,b;c>; rel="next"', '/a,b;c'],
  ['a comma inside a parameter', '</1>; title="a, </2>; rel=next"; rel="prev", </3>; rel="next"', '/3'],
  ['an escaped quote', '</1>; title="a\\", b"; rel="next"', '/1'],
  ['other parameters first', '</3>; title=x; Rel="next"; type="text/html"', '/3'],
  ['a second rel, which does not count', '</3>; rel="prev"; rel="next"', null],
  ['a relation that only begins alike', '</3>; rel="next-archive"', null],
  ['an empty address', '<>; rel="next"', ''],
])('%s', (_, header, expected) => {
  expect(nextLink(header)).toBe(expected);
});
