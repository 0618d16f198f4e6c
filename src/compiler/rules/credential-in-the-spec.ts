import { textsOfExtract } from '../../spec/extract.ts';
import { textsIn } from '../../spec/source.ts';
import type { Layers } from '../layers.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import type { Path } from '../source-file.ts';
import { pipelinesOf, type Rule } from './rule.ts';

/** Headers and query parameters that are there to carry a secret. */
const CARRIER =
  /^((proxy-)?authorization|cookie|password|passwd|client_secret|(x-)?((api|access|auth|secret|private|session)[-_]?)(key|token|secret)|apikey)$/i;
const PASSWORD = /^[a-z]+:\/\/[^/?#]*@/i;

export const credentialInTheSpec: Rule = {
  name: 'credential-in-the-spec',
  severity: 'error',
  category: 'security',
  why: 'What stands in the spec stands in the repository, in the DAG file and in Airflow’s views, and nothing removes it from logs and landed pages. A secret has a name under `secrets`, and `auth` of the source sends it.',
  bad: 'sources: { api: { headers: { Authorization: "Bearer 0123456789" } } }',
  good: 'sources: { api: { headers: { Accept-Language: en } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const { layers, path, text } of texts(pipeline)) {
        const [around, name] = [path.at(-2), path.at(-1)];
        const carries = (around === 'headers' || around === 'query') && CARRIER.test(String(name));
        if (!carries && !(name === 'base_url' && PASSWORD.test(text))) continue;
        report({
          message: carries
            ? `"${String(name)}" carries a credential, which does not belong here`
            : 'the address holds a user or password, which do not belong here',
          layers,
          path,
          help: 'name the secret under secrets, and let auth of the source send it',
        });
      }
    }
  },
};

function texts({ settings, extractSource, layers }: ResolvedPipeline): {
  layers: Layers;
  path: Path;
  text: string;
}[] {
  const { extract } = settings;
  if (extract === undefined || extractSource === undefined) return [];
  return [
    ...textsIn(extractSource).map((place) => ({ layers: [['sources', extract.source]], ...place })),
    ...textsOfExtract(extract).map(({ path, text }) => ({ layers, path: ['extract', ...path], text })),
  ];
}
