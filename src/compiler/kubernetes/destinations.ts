import type { Option } from '../../spec/handler.ts';
import type { Source } from '../../spec/source.ts';
import type { ResolvedEnvironment } from '../resolved.ts';

/** Where pods of an environment connect to, by TCP. */
export interface Destination {
  /** A name, or an address, IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** For people: whose it is. */
  readonly of: string;
}

/** What the spec of an environment names, each once, by port and host. */
export function destinationsOf(environment: ResolvedEnvironment): Destination[] {
  const all = [
    ...environment.pipelines.flatMap(({ settings, extractSource }) =>
      extractSource === undefined ? [] : ofSource(extractSource, `source ${settings.extract?.source}`),
    ),
    ...ofStore(environment),
    ...ofWarehouse(environment),
    ...ofIdentity(environment),
    ...ofProxy(environment),
  ];
  const byText = new Map(
    all.map((one) => [`${String(one.port).padStart(5, '0')} ${one.host} ${one.of}`, one]),
  );
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function at(url: string, of: string): Destination[] {
  if (!URL.canParse(url)) return [];
  const { protocol, hostname, port } = new URL(url);
  const standard = { 'http:': 80, 'https:': 443 }[protocol];
  if (standard === undefined || hostname === '') return [];
  return [{ host: hostname, port: port === '' ? standard : Number(port), of }];
}

function ofSource(source: Source, of: string): Destination[] {
  const base = source.kind === 'http' ? source.base_url : '';
  const scheme = base.startsWith('http:') ? 'http:' : 'https:';
  const named =
    source.kind === 'http'
      ? [base, ...(source.auth?.kind === 'oauth2' ? [source.auth.token_url] : [])]
      : textsOf(source.options);
  return [
    ...named.flatMap((url) => at(url, of)),
    ...source.allow_hosts.flatMap((host) => at(`${scheme}//${host}`, of)),
    // Only the code knows whom it asks: a web API, as far as anybody can tell.
    ...(source.kind === 'handler' ? [{ host: `what ${source.handler} asks`, port: 443, of }] : []),
  ];
}

function textsOf(value: Option): string[] {
  if (typeof value === 'string') return [value];
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(textsOf);
}

function ofStore({ settings: { store } }: ResolvedEnvironment): Destination[] {
  return store.kind === 'gcs' ? at(store.endpoint ?? 'https://storage.googleapis.com', 'store') : [];
}

/** https://docs.snowflake.com/en/user-guide/organizations-connect: OCSP and CRL by http, the stage by https. */
function ofWarehouse({ settings: { warehouse } }: ResolvedEnvironment): Destination[] {
  if (warehouse.kind !== 'snowflake') return [];
  const own = at(warehouse.endpoint ?? `https://${warehouse.account}.snowflakecomputing.com`, 'warehouse');
  return [...own, { host: 'whether certificates are revoked', port: 80, of: 'warehouse' }];
}

/** Where a token of the pod becomes one of the cloud; Google's is asked for on the node. */
function ofIdentity({ settings: { launcher, warehouse } }: ResolvedEnvironment): Destination[] {
  if (launcher.kind !== 'kubernetes') return [];
  const identities = Object.values(launcher.workload_identity);
  const provider =
    warehouse.kind === 'snowflake' && warehouse.auth?.kind === 'workload_identity'
      ? warehouse.auth.provider
      : undefined;
  const uses = (cloud: 'aws' | 'azure') =>
    provider === cloud || identities.some((one) => one[cloud] !== undefined);
  return [
    ...(uses('aws') ? at('https://sts.amazonaws.com', 'workload identity, or its region’s') : []),
    ...(uses('azure') ? at('https://login.microsoftonline.com', 'workload identity') : []),
  ];
}

function ofProxy({ settings: { launcher } }: ResolvedEnvironment): Destination[] {
  if (launcher.kind !== 'kubernetes') return [];
  return ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) =>
    Object.hasOwn(launcher.env, name) ? at(launcher.env[name] ?? '', 'proxy') : [],
  );
}
