import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the kubelet sets for the whole machine, as it stands in its source (pkg/util/sysctl). */
const SETTINGS = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

const at = (name: string) => join('/proc/sys', name);
const fileIn = (folder: string) => join(folder, 'settings.json');

/** Remembers how the machine was set before the kubelet came. */
export function noteSettings(folder: string): void {
  const found = SETTINGS.filter((name) => existsSync(at(name)));
  const values = found.map((name) => [name, readFileSync(at(name), 'utf8').trim()]);
  writeFileSync(fileIn(folder), JSON.stringify(Object.fromEntries(values)));
}

export function restoreSettings(folder: string): void {
  if (!existsSync(fileIn(folder))) return;
  const values = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Record<string, string>;
  for (const [name, value] of Object.entries(values)) {
    // Where the machine lets nobody change it, the kubelet did not change it either.
    if (readFileSync(at(name), 'utf8').trim() !== value) writeFileSync(at(name), value);
  }
}
