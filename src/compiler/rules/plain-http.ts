import { addressesOfSource, isLoopback } from '../addresses.ts';
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
      if (pipeline.extractSource?.kind !== 'http') continue;
      for (const { text, ...spot } of addressesOfSource(spec, environment, pipeline)) {
        if (!isCarriedInPlain(text)) continue;
        report({
          message: `requests of the source "${pipeline.settings.extract?.source}" go over plain http`,
          ...spot,
          help: 'write https://',
        });
      }
    }
  },
};

function isCarriedInPlain(address: string): boolean {
  if (!/^http:/i.test(address) || !URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return !isLoopback(hostname) && !/^[^.:[]+$|\.svc$|\.cluster\.local$/.test(hostname);
}
