import { substitute } from '../../spec/template.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const pageSizeOverPlan: Rule = {
  name: 'page-size-over-plan',
  severity: 'warning',
  category: 'efficiency',
  why: 'An API answers with at most as many records as its plan allows. A larger page_size is cut or refused; where it is cut, the run makes more requests than its author counted, and pays for them.',
  bad: `sources: { api: { base_url: "https://api.aviationstack.com/v1" } }
pipelines: { flights: { extract: { paginate: { page_size: 5000 } } } }`,
  good: `sources: { api: { base_url: "https://api.aviationstack.com/v1" } }
pipelines: { flights: { extract: { paginate: { page_size: 1000 } } } }`,
  check(spec, report) {
    for (const { environment, pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      const source = pipeline.extractSource;
      if (extract === undefined || source?.kind !== 'http' || !('page_size' in extract.paginate)) continue;
      const { variables } = environment.settings;
      const address = substitute(source.base_url, (name) => variables[name.replace(/^variables\./, '')]);
      const host = URL.canParse(address) ? new URL(address).hostname : '';
      const limit = LARGEST.get(host);
      const size = extract.paginate.page_size;
      if (limit === undefined || size === undefined || size <= limit) continue;
      report({
        message: `no plan of ${host} has pages of ${size} records: ${limit} at most`,
        layers: pipeline.layers,
        path: ['extract', 'paginate', 'page_size'],
        help: `write page_size: ${limit}, or what your plan has`,
      });
    }
  },
};

/** Records of a page in the largest plan, of the APIs that pipegen knows: https://aviationstack.com/documentation */
const LARGEST: ReadonlyMap<string, number> = new Map([
  ['api.aviationstack.com', 1000],
  ['api.apilayer.net', 1000],
]);
