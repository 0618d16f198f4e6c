/** Writes what is made of the rules: `node scripts/rules/generate.ts`. A test compares. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { registryText } from './registry.ts';

const ROOT = new URL('../../', import.meta.url);
writeFileSync(new URL('src/compiler/rules/registry.ts', ROOT), registryText());

// Only now: it reads the registry.
const { rulePages } = await import('./pages.ts');
const folder = new URL('docs/rules/', ROOT);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of await rulePages()) writeFileSync(new URL(name, folder), text);
