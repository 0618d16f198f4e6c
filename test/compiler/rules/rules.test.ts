import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registryText } from '../../../scripts/rules/registry.ts';
import { check } from '../../../src/compiler/compile.ts';
import { laidOver, readFolder, readText, SOUND_SPEC } from '../../../src/compiler/explain/sound-spec.ts';
import { RULES } from '../../../src/compiler/rules/registry.ts';

const names = (text: string) =>
  check({ file: 'pipelines.yaml', bytes: Buffer.from(text), readText, readFolder }).findings.map(
    ({ name }) => name,
  );

describe('rules', () => {
  it('has a registry that is made from the folder', () => {
    const registry = new URL('../../../src/compiler/rules/registry.ts', import.meta.url);
    expect(readFileSync(registry, 'utf8')).toBe(registryText());
  });

  it('finds nothing in the spec that the examples are laid over', () => {
    expect(names(SOUND_SPEC)).toEqual([]);
  });

  it.each(RULES)('$name finds its bad example and leaves its good one', (rule) => {
    expect(names(laidOver(rule.bad)).filter((name) => name === rule.name)).toHaveLength(1);
    expect(names(laidOver(rule.good))).toEqual([]);
  });
});
