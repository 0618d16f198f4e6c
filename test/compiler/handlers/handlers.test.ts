import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NO_FACTS } from '../../../src/cli/cache/fact-cache.ts';
import { openProgram } from '../../../src/cli/handlers/morph.ts';
import { handlerReader } from '../../../src/cli/handlers/read-handlers.ts';
import { check } from '../../../src/compiler/compile.ts';
import type { Place } from '../../../src/compiler/finding.ts';
import { lineIndex } from '../../../src/compiler/reporters/line-index.ts';

const FOLDER = fileURLToPath(new URL('golden', import.meta.url));
const CASES = readdirSync(FOLDER);

/** Findings with both of their ends, and what stands there. */
function findings(home: string): string {
  const readText = (path: string) =>
    existsSync(join(home, path)) ? readFileSync(join(home, path), 'utf8') : undefined;
  const show = ({ file, start, end }: Place) => {
    const text = readText(file) ?? '';
    expect(end).toBeGreaterThan(start);
    expect(end).toBeLessThanOrEqual(text.length);
    const { line, column } = lineIndex(text).position(start);
    return `${file}:${line}:${column} \`${text.slice(start, end).replace(/\s+/g, ' ')}\``;
  };
  const bytes = readFileSync(join(home, 'pipelines.yaml'));
  return check({
    file: 'pipelines.yaml',
    bytes,
    readText,
    readHandlers: handlerReader(home, openProgram, NO_FACTS),
  })
    .findings.map(({ severity, name, message, at, help, labels = [] }) =>
      [
        `${severity}: ${message} (${name})`,
        `  ${show(at)}`,
        ...labels.map((label) => `  ${show(label.at)}: ${label.text}`),
        `  help: ${help}\n`,
      ].join('\n'),
    )
    .join('\n');
}

test.each(CASES)('%s', async (name) => {
  const home = join(FOLDER, name);
  const found = findings(home);
  if (name === 'silent') expect(found).toBe('');
  else await expect(found).toMatchFileSnapshot(join(home, 'expected.txt'));
  // The second time the cache answers, and says the same.
  expect(findings(home)).toBe(found);
});
