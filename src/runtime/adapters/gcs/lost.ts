import { configuration } from '../../errors.ts';
import { Passing } from './retries.ts';

/** What the HTTP client of the Google libraries throws. */
interface ClientError extends Error {
  readonly code?: string | number;
  readonly status?: number;
  readonly config?: { readonly url?: URL | string };
  readonly response?: { readonly status?: number };
}

/**
 * What it means that a request got no answer: the network, or credentials that can't be had. The library's own
 * message is not passed on where it may quote a key file.
 * @param origin of the store, to tell its failures from those of a token service
 */
export function lostOf(thrown: unknown, origin: string): Error {
  if (!(thrown instanceof Error)) return new Passing(String(thrown));
  const error = thrown as ClientError;
  if (error.config?.url === undefined) return withoutCredentials(error);
  const { host, origin: asked } = new URL(error.config.url);
  const status = error.response?.status ?? error.status;
  if (asked !== origin && status !== undefined && status < 500 && status !== 429 && status !== 408) {
    return configuration(
      `${host} gives no token for these Google credentials (HTTP ${status}): see whether the key is still valid, or whether this pod's service account is bound to one of Google's`,
    );
  }
  const code = String(error.code ?? '');
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)) {
    return configuration(
      `the certificate of ${host} can't be trusted (${code}): name the authority that signed it by NODE_EXTRA_CA_CERTS, or see where store.endpoint leads`,
    );
  }
  if (status !== undefined) return new Passing(`${host} answered HTTP ${status}`);
  return new Passing(`no answer from ${host} (${/^[A-Z_]+$/.test(code) ? code : 'connection lost'})`);
}

function withoutCredentials(error: ClientError): Error {
  if (error.message.includes('Could not load the default credentials')) {
    return configuration(
      'there are no Google credentials: set GOOGLE_APPLICATION_CREDENTIALS to a key or workload identity file, run `gcloud auth application-default login`, or run where a service account is attached',
    );
  }
  if (/ENOENT|does not exist|not a file/.test(error.message)) {
    return configuration(
      'the file with the Google credentials is not there: see GOOGLE_APPLICATION_CREDENTIALS and the files that it names',
    );
  }
  return configuration(
    `the Google credentials can't be used (${error.name}): see whether GOOGLE_APPLICATION_CREDENTIALS names a whole key or workload identity file`,
  );
}
