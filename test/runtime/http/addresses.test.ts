import { expect, test } from 'vitest';
import { isLinkLocal, namesLinkLocal } from '../../../src/runtime/adapters/http/addresses.ts';

test.each([
  'http://169.254.169.254/latest/meta-data',
  'http://169.254.0.1:8080/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0xA9.0xFE.0xA9.0xFE/',
  'http://0251.0376.0251.0376/',
  'http://169.254.43518/',
  'http://%31%36%39.254.169.254/',
  'http://１６９.254.169.254/',
  'http://169。254。169。254/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'http://[::169.254.169.254]/',
  'http://[64:ff9b::169.254.169.254]/',
  'http://[2002:a9fe:a9fe::1]/',
  'http://[fe80::1]/',
  'http://[febf::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fd20:ce::254]/',
  'http://100.100.100.200/',
  'http://[::ffff:100.100.100.200]/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://METADATA.google.internal./',
])('%s leads to a metadata service or the like', (address) => {
  expect(namesLinkLocal(new URL(address))).toBe(true);
});

test.each([
  'http://127.0.0.1/',
  'http://10.0.0.1/',
  'http://192.168.1.1/',
  'http://169.253.1.1/',
  'http://100.100.100.201/',
  'http://[::1]/',
  'http://[fd00::1]/',
  'http://[fec0::1]/',
  'http://[2001:db8::1]/',
  'http://api.example.com/169.254.169.254',
  'http://169.254.169.254.example.com/',
])('%s does not', (address) => {
  expect(namesLinkLocal(new URL(address))).toBe(false);
});

test('an address of a look-up may have a zone, and need not be one', () => {
  expect(isLinkLocal('fe80::1%eth0')).toBe(true);
  expect(isLinkLocal('::ffff:169.254.169.254')).toBe(true);
  expect(isLinkLocal('10.0.0.1')).toBe(false);
  expect(isLinkLocal('no address')).toBe(false);
});
