import { at } from '../layers.ts';
import { pipelinesOf, type Rule } from './rule.ts';

/** What a handler decides itself. */
const OF_HTTP = [
  ...['path', 'method', 'query', 'headers', 'body', 'for_each', 'paginate', 'records', 'format', 'missing'],
];

export const httpSettingsOfHandler: Rule = {
  name: 'http-settings-of-handler',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A handler asks for what its code says. What an extract says of requests and pages reaches no code, and a spec never says anything without effect.',
  bad: `
sources: { api: { kind: handler, handler: handlers/erp.ts#readOrders, base_url: null, auth: null } }
environments: { production: { launcher: { secrets: null } } }
pipelines: { flights: { extract: { path: null, query: null, paginate: null, records: items } } }`,
  good: `
sources: { api: { kind: handler, handler: handlers/erp.ts#readOrders, base_url: null, auth: null } }
environments: { production: { launcher: { secrets: null } } }
pipelines: { flights: { extract: { path: null, query: null, paginate: null } } }`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      if (pipeline.extractSource?.kind !== 'handler') continue;
      for (const key of OF_HTTP) {
        const written = pipeline.layers.some(
          (layer) => (at(spec.source.value, [...layer, 'extract', key]) ?? null) !== null,
        );
        if (!written || !Object.hasOwn(pipeline.settings.extract ?? {}, key)) continue;
        report({
          message: `"${pipeline.name}" is read by a handler, which takes no extract.${key}`,
          layers: pipeline.layers,
          path: ['extract', key],
          want: 'key',
          help: 'remove it; what the handler shall know goes into options of the source',
        });
      }
    }
  },
};
