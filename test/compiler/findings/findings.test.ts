import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinding, readProject } from '../../../src/cli/project.ts';
import { check } from '../../../src/compiler/compile.ts';
import { pretty } from '../../../src/compiler/reporters/pretty.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const CASES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function findingsIn(name: string): string {
  const home = `${FOLDER}/${name}`;
  const files = readProject({ path: `${home}/pipelines.yaml`, home, file: 'pipelines.yaml' });
  if (isFinding(files)) return pretty([files], () => undefined, false);
  const { file, bytes, readText, readIncluded } = files;
  const checked = check({ file, bytes, readText, readIncluded });
  return pretty(checked.findings, (one) => checked.texts.get(one), false);
}

describe('findings', () => {
  it.each(CASES)('%s', async (name) => {
    const text = findingsIn(name);
    expect(text === '').toBe(name.startsWith('good-'));
    await expect(text).toMatchFileSnapshot(`${FOLDER}/${name}/expected.txt`);
  });

  it.each([
    ['the file is binary, not YAML', [0x76, 0x00, 0x01, 0x02]],
    ['the file is not UTF-8 text', [0x76, 0xff, 0xfe, 0x02]],
    ['the file is UTF-16 text, not UTF-8', [0xff, 0xfe, 0x76, 0x00]],
  ])('says that %s', (message, bytes) => {
    const { findings } = check({ file: 'x', bytes: Uint8Array.from(bytes) });
    const at = { file: 'x', start: 0, end: 0 };
    expect(findings).toMatchObject([{ name: 'not-text', severity: 'error', message, at }]);
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
