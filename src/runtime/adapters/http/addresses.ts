import { BlockList, isIP } from 'node:net';

/**
 * Addresses that lead to the machine's own neighbourhood and to the metadata services of clouds, which give out the
 * credentials of the machine to whoever asks from it. An API is never there.
 */
const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
// Alibaba Cloud.
LINK_LOCAL.addAddress('100.100.100.200', 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');
// Amazon and Google over IPv6.
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');
LINK_LOCAL.addAddress('fd20:ce::254', 'ipv6');
// The same IPv4 addresses as IPv6 writes them: compatible, translated (RFC 6052), 6to4 (RFC 3056). Mapped ones are
// compared as IPv4 by BlockList itself.
LINK_LOCAL.addSubnet('::a9fe:0', 112, 'ipv6');
LINK_LOCAL.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
LINK_LOCAL.addSubnet('2002:a9fe::', 32, 'ipv6');
LINK_LOCAL.addAddress('::6464:64c8', 'ipv6');
LINK_LOCAL.addAddress('64:ff9b::6464:64c8', 'ipv6');
LINK_LOCAL.addSubnet('2002:6464:64c8::', 48, 'ipv6');

const METADATA_HOSTS: readonly string[] = ['metadata.google.internal', 'metadata'];

/** @param address an IP address in any form that the system gives, an IPv6 zone included */
export function isLinkLocal(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  const version = isIP(plain);
  return version !== 0 && LINK_LOCAL.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Whether the host of a URL is such an address by itself, before any look-up. `URL` has already made dotted decimals
 * of `0xa9fea9fe`, `2852039166` and the like.
 */
export function namesLinkLocal(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isLinkLocal(host) || METADATA_HOSTS.includes(host);
}
