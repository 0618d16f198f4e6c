import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that a cluster of one's own needs beside those that are built, and what Debian calls their packages. */
const TOOLS: Readonly<Record<string, string>> = {
  containerd: 'containerd',
  ctr: 'containerd',
  'containerd-shim-runc-v2': 'containerd',
  runc: 'runc',
  ip: 'iproute2',
  umount: 'mount',
  openssl: 'openssl',
};

const PLUGINS = ['bridge', 'host-local', 'loopback'];
export const PLUGIN_FOLDER = '/usr/lib/cni';

/** What is missing on this machine, a sentence for each; nothing has been done or changed yet. */
export function missingTools(): string[] {
  const programs = Object.entries(TOOLS)
    .filter(([name]) => !isProgram(name))
    .map(([name, debian]) => `${name} is not there: apt-get install ${debian}`);
  const plugins = PLUGINS.filter((name) => !existsSync(join(PLUGIN_FOLDER, name))).map(
    (name) => `${PLUGIN_FOLDER}/${name} is not there: apt-get install containernetworking-plugins`,
  );
  return [
    ...(process.platform === 'linux' ? [] : ['pods run on Linux only: use a cluster of yours']),
    ...(process.getuid?.() === 0 ? [] : ['pods, bridges and mounts are made by root: run it as root']),
    ...programs,
    ...plugins,
  ];
}

export function isProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}
