import type { Paginate } from '../../spec/paginate.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const paginationWithoutStop: Rule = {
  name: 'pagination-without-stop',
  severity: 'error',
  category: 'correctness',
  why: 'Reading by offset or page goes on until something says that it is over: a total, a number of pages, has_more. Without them only a page without records does. An API that repeats its last page, or answers 404 behind it, ends every run with an error; a list that loses pages looks complete. CSV and JSON Lines have no place for it and are left alone.',
  bad: 'pipelines: { flights: { extract: { paginate: { total: null } } } }',
  good: 'pipelines: { flights: { extract: { paginate: { total: null, has_more: pagination.more } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      if (extract === undefined || extract.format.kind !== 'json') continue;
      const lists: [Path, Paginate][] = [[['extract', 'paginate'], extract.paginate]];
      if (extract.for_each !== undefined) {
        lists.push([['extract', 'for_each', 'paginate'], extract.for_each.paginate]);
      }
      for (const [path, paginate] of lists) {
        if (paginate.kind !== 'offset' && paginate.kind !== 'page') continue;
        const pages = paginate.kind === 'page' ? paginate.total_pages : undefined;
        if ((paginate.total ?? paginate.has_more ?? pages) !== undefined) continue;
        report({
          message: 'nothing in an answer says that it is the last page',
          layers: pipeline.layers,
          path: [...path, 'kind'],
          help: `name where the answer says it: total, ${paginate.kind === 'page' ? 'total_pages ' : ''}or has_more`,
        });
      }
    }
  },
};
