import { addressesOfSource, isLoopback } from '../addresses.ts';
import { nearest } from '../did-you-mean.ts';
import { fits } from '../pattern.ts';
import type { ResolvedEnvironment, ResolvedPipeline, ResolvedSpec } from '../resolved.ts';
import { type Rule, type Spot, whatPolicySays } from './rule.ts';

export const hostNotAllowed: Rule = {
  name: 'host-not-allowed',
  severity: 'error',
  category: 'security',
  why: 'Data goes where steps connect to. A list of hosts in the policy makes a new place something that somebody reviews. Looked at are the addresses of sources, their token URLs, allow_hosts and options of handlers that are URLs, endpoints of the store, the account or endpoint of Snowflake, and proxies; the machine itself is always allowed. What the code of a handler asks beyond its options, and what a variable of a process sets, lint can’t know.',
  bad: 'policy: { hosts: ["*.example.org"] }',
  good: 'policy: { hosts: [api.example.com] }',
  check(spec, report) {
    const { hosts } = spec.policy;
    if (hosts === undefined) return;
    for (const { url, what, ...spot } of connections(spec)) {
      const address = addressOf(url);
      if (address === undefined || isLoopback(address.hostname)) continue;
      if (hosts.some((pattern) => isHost(pattern, address))) continue;
      const near = nearest(address.hostname, hosts);
      report({
        message: `${what} ${address.host}, which the policy does not allow`,
        ...spot,
        help:
          near === undefined
            ? 'choose a host that it allows, or have this one added to policy.hosts'
            : `did you mean "${near}"?`,
        label: whatPolicySays(['hosts'], 'these are allowed'),
      });
    }
  },
};

interface Connection extends Spot {
  readonly url: string;
  /** Before the host in a sentence. */
  readonly what: string;
}

function* connections(spec: ResolvedSpec): Generator<Connection> {
  for (const environment of spec.environments) {
    yield* ofEnvironment(environment);
    for (const pipeline of environment.pipelines) yield* ofSource(spec, environment, pipeline);
  }
}

function* ofSource(
  spec: ResolvedSpec,
  environment: ResolvedEnvironment,
  pipeline: ResolvedPipeline,
): Generator<Connection> {
  const { extractSource, settings } = pipeline;
  if (settings.extract === undefined || extractSource === undefined) return;
  const source = `the source "${settings.extract.source}"`;
  for (const { text, ...spot } of addressesOfSource(spec, environment, pipeline)) {
    yield { url: text, what: `${source} is at`, ...spot };
  }
  const scheme =
    extractSource.kind === 'http' && extractSource.base_url.startsWith('http:') ? 'http:' : 'https:';
  for (const [index, host] of extractSource.allow_hosts.entries()) {
    const layers = [['sources', settings.extract.source]];
    yield {
      url: `${scheme}//${host}`,
      what: `${source} may lead to`,
      layers,
      path: ['allow_hosts', index],
    };
  }
}

function* ofEnvironment({ settings, layers }: ResolvedEnvironment): Generator<Connection> {
  const { store, warehouse, launcher } = settings;
  if (store.kind === 'gcs' && store.endpoint !== undefined) {
    yield { url: store.endpoint, what: 'the store is at', layers, path: ['store', 'endpoint'] };
  }
  if (warehouse.kind === 'snowflake') {
    const { endpoint, account } = warehouse;
    const url = endpoint ?? `https://${account}.snowflakecomputing.com`;
    const path = ['warehouse', endpoint === undefined ? 'account' : 'endpoint'];
    yield { url, what: 'the warehouse is at', layers, path };
  }
  if (launcher.kind !== 'kubernetes') return;
  for (const [variable, url] of Object.entries(launcher.env)) {
    if (!/^(HTTPS?|ALL)_PROXY$/.test(variable)) continue;
    yield { url, what: 'the proxy is at', layers, path: ['launcher', 'env', variable] };
  }
}

interface HostAndPort {
  /** As a person reads it: the port only where it is not that of the scheme. */
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
}

/** Undefined for what is no address of a host, such as other options of a handler. */
function addressOf(text: string): HostAndPort | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { host, hostname, port, protocol } = new URL(text);
  if (hostname === '') return undefined;
  const standard: Record<string, string> = { 'http:': '80', 'https:': '443' };
  // A dot at the end says that the name is whole, which it is anyway.
  const lower = hostname.toLowerCase().replace(/\.$/, '');
  return { host: host.toLowerCase(), hostname: lower, port: port === '' ? (standard[protocol] ?? '') : port };
}

function isHost(pattern: string, { hostname, port }: HostAndPort): boolean {
  const [, host = pattern, ofPort] = /^(.*?)(?::([0-9]+))?$/.exec(pattern) ?? [];
  // An address of IPv6 ends with digits too, in brackets.
  const [name, only] = pattern.endsWith(']') ? [pattern, undefined] : [host, ofPort];
  return fits(name, hostname) && (only === undefined || only === port);
}
