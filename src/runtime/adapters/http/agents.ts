import { type LookupOptions, lookup as systemLookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import { configuration } from '../../errors.ts';
import { isLinkLocal } from './addresses.ts';

/** Connections that are kept and used again, of one source. */
export interface Agents {
  http: HttpAgent;
  https: HttpsAgent;
  /** Whether the environment names proxies. */
  proxied: boolean;
}

export interface AgentsOptions {
  allowLinkLocal: boolean;
  environment: NodeJS.ProcessEnv;
  /** How names become addresses; the system's way unless a test has another. */
  lookup?: LookupFunction | undefined;
}

/** Of the error with which a connection to a forbidden address ends. */
export const FORBIDDEN_ADDRESS = 'PIPEGEN_FORBIDDEN_ADDRESS';

/** Kept while nobody needs them. In use there may be any number: a request that waited for one would time out. */
const MAX_FREE_SOCKETS = 64;
const PROXY_VARIABLES: readonly string[] = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];

/**
 * Agents that go through the proxies of `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (https by CONNECT, so that only
 * the API sees what is sent), and trust the certificates of `SSL_CERT_FILE` beside those that Node trusts, which
 * `NODE_EXTRA_CA_CERTS` adds to.
 *
 * An address is looked at as the connection is made: a name that is judged earlier could be another one by then.
 * Behind a proxy the names are looked up by the proxy.
 */
export function createAgents({ allowLinkLocal, environment, lookup }: AgentsOptions): Agents {
  const proxied = namesProxy(environment);
  const ordinary = lookup ?? (systemLookup as LookupFunction);
  const options: AgentOptions = {
    keepAlive: true,
    maxFreeSockets: MAX_FREE_SOCKETS,
    lookup: allowLinkLocal ? ordinary : guard(ordinary),
    ...(proxied ? { proxyEnv: environment } : {}),
  };
  return {
    http: new HttpAgent(options),
    https: new HttpsAgent({ ...options, ...trust(environment) }),
    proxied,
  };
}

/** Whether the environment names proxies that apply; one that Node would silently pass over is an error. */
function namesProxy(environment: NodeJS.ProcessEnv): boolean {
  const values = PROXY_VARIABLES.map((name) => environment[name]).filter((value) => value);
  if (values.some((value) => !['http:', 'https:'].includes(URL.parse(value ?? '')?.protocol ?? ''))) {
    // Without the value: it may hold the proxy's password.
    throw configuration('HTTP_PROXY or HTTPS_PROXY is not an address such as http://proxy:3128: correct it');
  }
  if (values.length > 0 && !process.allowedNodeEnvironmentFlags.has('--use-env-proxy')) {
    throw configuration(
      `HTTP_PROXY or HTTPS_PROXY is set, and Node.js ${process.versions.node} knows no proxies: take 22.21, 24.5 or a newer one`,
    );
  }
  return values.length > 0;
}

/** Proxies are not looked up by it: the operator has named them, wherever they are. */
function guard(lookup: LookupFunction): LookupFunction {
  return (host, options: LookupOptions, done) => {
    lookup(host, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      if (error !== null || !addresses.some(isLinkLocal)) return done(error, found, family);
      const forbidden = Object.assign(new Error('a forbidden address'), { code: FORBIDDEN_ADDRESS });
      done(forbidden, found, family);
    });
  };
}

/** Node reads `NODE_EXTRA_CA_CERTS` itself, but `SSL_CERT_FILE`, which most other programs read, only on request. */
function trust(environment: NodeJS.ProcessEnv): object {
  const file = environment.SSL_CERT_FILE;
  if (!file) return {};
  try {
    const ca = [...getCACertificates('default'), readFileSync(file, 'utf8')];
    return { secureContext: createSecureContext({ ca }) };
  } catch (cause) {
    throw configuration(
      `SSL_CERT_FILE is "${file}", from which no certificate can be read: correct it, or remove the variable`,
      cause,
    );
  }
}
