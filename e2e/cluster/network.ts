import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ClusterFolder } from './folder.ts';
import { run } from './run.ts';

export interface PodNetwork {
  /** `10.231.7.0/24` */
  readonly subnet: string;
  /** Of this machine, as pods see it. */
  readonly address: string;
}

/** A bridge that pods are plugged into. It leads to this machine and no further: pods need nothing else. */
export async function createBridge({ bridge }: ClusterFolder): Promise<PodNetwork> {
  const prefix = freePrefix();
  const network = { subnet: `${prefix}.0/24`, address: `${prefix}.1` };
  await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await run('ip', ['addr', 'add', `${network.address}/24`, 'dev', bridge]);
  await run('ip', ['link', 'set', bridge, 'up']);
  return network;
}

/** By chance, so that two clusters that start together have two. */
function freePrefix(): string {
  const taken = new Set([...addresses(), ...routes()].map((one) => one.split('.').slice(0, 2).join('.')));
  const free = Array.from({ length: 50 }, (_, index) => `10.${200 + index}`).filter((one) => !taken.has(one));
  const chosen = free[Math.floor(Math.random() * free.length)];
  if (chosen === undefined) throw new Error('no subnet of 10.200.0.0 to 10.249.255.255 is free for pods');
  return `${chosen}.${Math.floor(Math.random() * 256)}`;
}

function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((some) => (some ?? []).map(({ address }) => address));
}

/** In the kernel's table an address is a number in hexadecimal, its bytes in reverse. */
function routes(): string[] {
  return readFileSync('/proc/net/route', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t')[1] ?? '')
    .map((hex) => (hex.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)))
    .map((bytes) => bytes.join('.'));
}

/** Ports of `address` that nobody listens on, all different. */
export async function freePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, address, resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const given = server.address();
    if (given === null || typeof given === 'string') throw new Error(`no port of ${address} is to be had`);
    return given.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
