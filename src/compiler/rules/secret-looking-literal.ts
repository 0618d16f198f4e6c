import { textsOfEnvironment, textsOfRequests, type WrittenText } from '../texts.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const secretLookingLiteral: Rule = {
  name: 'secret-looking-literal',
  severity: 'error',
  category: 'security',
  why: 'What stands in the spec stands in the repository, in the DAG file and in Airflow’s views, and nothing removes it from logs and landed pages. A secret has a name under `secrets`, and `auth` of the source sends it.',
  bad: 'sources: { api: { headers: { Authorization: "Bearer 0123456789" } } }',
  good: 'sources: { api: { headers: { Accept-Language: en } } }',
  check(spec, report) {
    const look = (texts: readonly WrittenText[]) => {
      for (const { layers, path, text } of texts) {
        const [around, name] = [String(path.at(-2)), String(path.at(-1))];
        const message =
          ['headers', 'query'].includes(around) && CARRIER.test(name)
            ? `"${name}" carries a credential, which does not belong here`
            : PASSWORD.test(text)
              ? 'the address holds a user or password, which do not belong here'
              : looksLikeSecret(text);
        if (message === undefined) continue;
        report({
          message,
          layers,
          path,
          help: 'name the secret under secrets, and let auth of the source send it; revoke this one, since it has been written down',
        });
      }
    };
    for (const environment of spec.environments) look(textsOfEnvironment(environment));
    for (const { pipeline } of pipelinesOf(spec)) look(textsOfRequests(pipeline));
  },
};

/** Headers and query parameters that are there to carry a secret. */
const CARRIER =
  /^((proxy-)?authorization|cookie|password|passwd|client_secret|(x-)?((api|access|auth|secret|private|session)[-_]?)(key|token|secret)|apikey)$/i;
const PASSWORD = /^[a-z]+:\/\/[^/?#]*@/i;

/** Forms that their issuers document so that they are found; a guess by randomness would find names of objects. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, 'an access key of AWS'],
  [/\bAIza[\w-]{35}\b/, 'an API key of Google'],
  [/\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})/, 'a token of GitHub'],
  [/\bglpat-[\w-]{20}/, 'a token of GitLab'],
  [/\bxox[abprs]-[\w-]{10,}/, 'a token of Slack'],
  [/\b[rs]k_live_[A-Za-z0-9]{16,}/, 'a key of Stripe'],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, 'a signed token (JWT)'],
];

function looksLikeSecret(text: string): string | undefined {
  const found = FORMS.find(([form]) => form.test(text));
  return found === undefined ? undefined : `this looks like ${found[1]}, which does not belong here`;
}
