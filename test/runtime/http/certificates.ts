import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
}

export interface Authority {
  /** File with the certificate of the authority. */
  file: string;
  /** A certificate for `api.test` and 127.0.0.1. */
  good: Certificate;
  /** One for another host. */
  other: Certificate;
  /** One that has expired. */
  expired: Certificate;
  remove(): void;
}

/** A private authority and what it signed, made by openssl. */
export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-ca-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=private',
  );
  const issue = (name: string, hosts: string, time: readonly string[]): Certificate => {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${hosts}\n`);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-out', `${name}.pem`, '-extfile', `${name}.ext`, ...time],
    );
    const read = (ending: string) => readFileSync(join(folder, `${name}.${ending}`), 'utf8');
    return { key: read('key'), cert: read('pem') };
  };
  const hosts = 'DNS:api.test,IP:127.0.0.1';
  return {
    file: join(folder, 'ca.pem'),
    good: issue('good', hosts, ['-days', '2']),
    other: issue('other', 'DNS:other.test', ['-days', '2']),
    expired: issue('expired', hosts, ['-days', '0']),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
