import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { render } from '../../../src/cli/findings/render.ts';
import { FORMATS } from '../../../src/cli/findings/report-options.ts';
import { check } from '../../../src/compiler/compile.ts';
import { githubSummary } from '../../../src/compiler/reporters/github.ts';
import { jsonDocument } from '../../../src/compiler/reporters/json-document.ts';
import { sarifLog } from './sarif-log.ts';

const FOLDER = fileURLToPath(new URL('golden', import.meta.url));

const found = (name: string) => {
  const bytes = readFileSync(join(FOLDER, name, 'pipelines.yaml'));
  const { findings, texts } = check({ file: 'pipelines.yaml', bytes });
  return { findings, textOf: (file: string) => texts.get(file) };
};

describe.each(readdirSync(FOLDER))('%s', (name) => {
  it.each(FORMATS)('%s', async (format) => {
    const { findings, textOf } = found(name);
    const text = await render(format, findings, textOf, { color: false, clean: 'nothing to say\n' });
    // The version of the package is in it and changes.
    const stable = text.replaceAll(/"(version|semanticVersion)": ?"\d+\.\d+\.\d+(?<!2\.1\.0)"/g, '"$1":"x"');
    await expect(stable).toMatchFileSnapshot(join(FOLDER, name, `expected.${format}`));
    if (format === 'json') jsonDocument.parse(JSON.parse(text));
    if (format === 'sarif') sarifLog.parse(JSON.parse(text));
  });

  it('summary of GitHub', async () => {
    const { findings, textOf } = found(name);
    const text = githubSummary(findings, textOf);
    await expect(text).toMatchFileSnapshot(join(FOLDER, name, 'expected.summary.md'));
  });
});

it('colours the same text', async () => {
  const { findings, textOf } = found('mixed');
  const plain = await render('pretty', findings, textOf, { color: false, clean: '' });
  const colored = await render('pretty', findings, textOf, { color: true, clean: '' });
  expect(colored).toContain('\u001B[');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours
  expect(colored.replaceAll(/\u001B\[\d+m/g, '')).toBe(plain);
});

it('knows the same finding again after lines above it came, and tells two of a kind apart', async () => {
  const fingerprints = async (text: string) => {
    const { findings, texts } = check({ file: 'pipelines.yaml', bytes: Buffer.from(text) });
    const options = { color: false, clean: '' };
    const log = sarifLog.parse(
      JSON.parse(await render('sarif', findings, (file) => texts.get(file), options)),
    );
    return log.runs.flatMap(({ results }) =>
      results.map(({ partialFingerprints }) => partialFingerprints['pipegenFinding/v1']),
    );
  };
  const text = 'version: 1\npipelines:\n  a:\n    tagz: [x]\n  b:\n    tagz: [x]\n';
  const before = await fingerprints(text);
  expect(new Set(before).size).toBe(before.length);
  expect(before.length).toBeGreaterThan(1);
  expect(await fingerprints(`# a new line\n\n${text}`)).toEqual(before);
});
