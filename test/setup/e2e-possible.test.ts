import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const POSSIBLE = join(import.meta.dirname, '../../e2e/possible.ts');
const empty = mkdtempSync(join(tmpdir(), 'pipegen-empty-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

test('says why the end-to-end tests are skipped, where all that they need is missing', () => {
  const script = `import(${JSON.stringify(POSSIBLE)}).then(async (one) => console.log(await one.whyImpossible()))`;
  const env = { PATH: empty, HOME: empty, XDG_CACHE_HOME: empty };
  const said = execFileSync(process.execPath, ['--eval', script], { env, encoding: 'utf8' });
  expect(said).toContain('containerd is not there: apt-get install containerd');
  expect(said).toContain('Kubernetes is not built yet: make e2e, or scripts/kubernetes.sh, builds it once');
  expect(said).toContain(
    'the image can’t be built: neither docker (with its engine running) nor podman works here',
  );
});
