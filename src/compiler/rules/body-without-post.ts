import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const bodyWithoutPost: Rule = {
  name: 'body-without-post',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A GET has no body: servers ignore it or refuse the request, and paging by a parameter in it would read the first page again and again.',
  bad: 'pipelines: { flights: { extract: { body: { day: "${partition}" } } } }',
  good: 'pipelines: { flights: { extract: { method: POST, body: { day: "${partition}" } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      if (extract === undefined) continue;
      const parts: [Path, { method: string; body?: unknown; paginate: object }][] = [[['extract'], extract]];
      if (extract.for_each !== undefined) parts.push([['extract', 'for_each'], extract.for_each]);
      for (const [path, part] of parts) {
        if (part.method === 'POST') continue;
        const paged = 'in' in part.paginate && part.paginate.in === 'body';
        if (part.body === undefined && !paged) continue;
        report({
          message: part.body === undefined ? 'a GET has no body to page by' : 'a GET has no body',
          layers: pipeline.layers,
          path: [...path, ...(part.body === undefined ? ['paginate', 'in'] : ['body'])],
          want: 'key',
          help: 'set method: POST, or send it in the query',
        });
      }
    }
  },
};
