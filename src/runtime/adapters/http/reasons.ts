const REASONS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  ECONNABORTED: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke off in the middle of the answer',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host could not be reached',
  ENETUNREACH: 'the network could not be reached',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
};

/** Of OpenSSL, as Node names them. */
const CERTIFICATE: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'INVALID_CA',
];
const NOT_NOW: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** By the error's code alone: its message may hold the URL, and the URL the key. */
export function reasonOf(code: string, error: unknown, status: number | null): string {
  if (code === 'ECONNRESET' && status !== null) return 'the connection broke off in the middle of the answer';
  if (code === 'ERR_PROXY_TUNNEL') return `the proxy gave no way to the host${proxyStatus(error)}`;
  const known = REASONS[code];
  if (known !== undefined) return known;
  // What fails in a body other than its connection is its compression; Brotli has a code for every kind of damage.
  if (status !== null && /^(Z_|ERR_)/.test(code)) return 'the answer could not be decompressed';
  return `the request failed${/^[A-Z0-9_]+$/.test(code) ? ` with ${code}` : ''}`;
}

/** Why a certificate was not accepted, and what to do; undefined where it is not about one. */
export function troubleWithCertificate(code: string): { reason: string; hint: string } | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      reason: 'the certificate of the server is for another host',
      hint: 'Check the host in base_url, and the proxy if there is one',
    };
  }
  if (NOT_NOW.includes(code)) {
    return {
      reason: `the certificate of the server is not valid now (${code})`,
      hint: 'Check the clock of this machine, and ask those who run the server',
    };
  }
  if (!CERTIFICATE.includes(code)) return undefined;
  return {
    reason: `the certificate of the server is signed by nobody who is trusted here (${code})`,
    hint: 'If it is a private one, name the file with the certificate of its authority in NODE_EXTRA_CA_CERTS or SSL_CERT_FILE',
  };
}

function proxyStatus(error: unknown): string {
  // axios wraps what the agent says.
  const cause = error instanceof Error ? error.cause : undefined;
  const status = (cause as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? `: it answered ${status}` : '';
}
