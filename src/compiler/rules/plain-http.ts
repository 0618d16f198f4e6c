import { substitute } from '../../spec/template.ts';
import { at } from '../layers.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const plainHttp: Rule = {
  name: 'plain-http',
  severity: 'error',
  category: 'security',
  why: 'Over http everybody on the way reads the credentials and the data, and may change both. Addresses that no network carries, or only the cluster’s own, are left alone: localhost, names without a dot, *.svc and *.cluster.local.',
  bad: 'sources: { api: { base_url: "http://api.example.com" } }',
  good: 'sources: { api: { base_url: "https://api.example.com" } }',
  check(spec, report) {
    for (const { environment, pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      const source = pipeline.extractSource;
      if (extract === undefined || source?.kind !== 'http') continue;
      const token = source.auth?.kind === 'oauth2' ? source.auth.token_url : undefined;
      const addresses: [Path, string | undefined][] = [
        [['base_url'], source.base_url],
        [['auth', 'token_url'], token],
      ];
      for (const [path, text] of addresses) {
        const { variables } = environment.settings;
        const address = substitute(text ?? '', (name) => variables[name.replace(/^variables\./, '')]);
        if (!isCarriedInPlain(address)) continue;
        // Where the address is a variable's, that is what must change.
        const written = String(at(spec.source.value, ['sources', extract.source, ...path]));
        const variable = /^\$\{\s*variables\.([a-z0-9_]+)/.exec(written)?.[1];
        report({
          message: `requests of the source "${extract.source}" go over plain http`,
          layers: variable === undefined ? [['sources', extract.source]] : environment.layers,
          path: variable === undefined ? path : ['variables', variable],
          help: 'write https://',
        });
      }
    }
  },
};

function isCarriedInPlain(address: string): boolean {
  if (!/^http:/i.test(address) || !URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  if (/^(127\.[0-9.]+|\[::1\]|(.*\.)?localhost)$/.test(hostname)) return false;
  return !/^[^.:[]+$|\.svc$|\.cluster\.local$/.test(hostname);
}
