import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { includedIn } from '../../../src/cli/included-files.ts';
import { check } from '../../../src/compiler/compile.ts';
import { pretty } from '../../../src/compiler/reporters/pretty.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const CASES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function findings(bytes: Uint8Array, folder?: string): string {
  const readText = (name: string) => {
    const path = `${folder}/${name}`;
    return folder !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const readIncluded = folder === undefined ? undefined : includedIn(folder);
  const checked = check({ file: 'pipelines.yaml', bytes, readText, readIncluded });
  return pretty(checked.findings, (file) => checked.texts.get(file), false);
}

describe('findings', () => {
  it.each(CASES)('%s', async (name) => {
    const text = findings(readFileSync(`${FOLDER}/${name}/pipelines.yaml`), `${FOLDER}/${name}`);
    expect(text === '').toBe(name.startsWith('good-'));
    await expect(text).toMatchFileSnapshot(`${FOLDER}/${name}/expected.txt`);
  });

  it('says of a binary file that it is one', () => {
    expect(findings(Uint8Array.from([0x76, 0x00, 0x01, 0x02]))).toContain(
      'the file is binary, not YAML (not-text)',
    );
    expect(findings(Uint8Array.from([0x76, 0xff, 0xfe, 0x02]))).toContain(
      'the file is not UTF-8 text (not-text)',
    );
  });

  it('answers any text with findings inside it, never with an exception', () => {
    const tokens = fc.constantFrom(
      'version',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '<<',
      '"',
      '!!',
    );
    const text = fc
      .array(fc.oneof(tokens, fc.string({ unit: 'grapheme' })), { maxLength: 40 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (one) => {
        const bytes = Buffer.from(one);
        const decoded = bytes.toString('utf8');
        for (const { at } of check({ file: 'x', bytes }).findings) {
          expect(at.start).toBeGreaterThanOrEqual(0);
          expect(at.end).toBeGreaterThanOrEqual(at.start);
          expect(at.end).toBeLessThanOrEqual(decoded.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
