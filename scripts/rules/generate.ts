/** Writes what is made of the rules: `node scripts/rules/generate.ts`. A test compares. */
import { writeFileSync } from 'node:fs';
import { registryText } from './registry.ts';

writeFileSync(new URL('../../src/compiler/rules/registry.ts', import.meta.url), registryText());
