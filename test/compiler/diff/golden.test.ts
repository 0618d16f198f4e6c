import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdownDiff } from '../../../src/cli/diff/markdown.ts';
import { prettyDiff } from '../../../src/cli/diff/pretty.ts';
import { built, differences, GOLDEN } from './project.ts';

const CASES = readdirSync(GOLDEN, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** `before.yaml` where a case has one, else the common spec as it is. */
const fragment = (name: string, file: string) => {
  const path = join(GOLDEN, name, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

describe.each(CASES)('%s', (name) => {
  it('is told as it was reviewed', async () => {
    const environments = differences(built(fragment(name, 'before.yaml')), fragment(name, 'after.yaml'));
    await expect(prettyDiff(environments, false)).toMatchFileSnapshot(join(GOLDEN, name, 'pretty.txt'));
    await expect(markdownDiff(environments)).toMatchFileSnapshot(join(GOLDEN, name, 'markdown.md'));
  });

  it('is nothing once it is built', () => {
    const after = fragment(name, 'after.yaml');
    const statuses = differences(built(after), after).flatMap(({ dags }) => dags.map((dag) => dag.status));
    expect(new Set(statuses)).toEqual(new Set(['unchanged']));
  });
});
