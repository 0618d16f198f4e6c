// What the image costs: its sizes; the time from the start of a step to its first request beside that of
// `node -e 0`, in one container and with a container each; each step's whole time on a day without a record.
// `npx node bench/container/run.ts [ROUNDS]`

import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool, openEngine } from '../../test/container/container.ts';
import { runStep, stepOptions } from '../../test/container/steps.ts';
import { createProject, REPOSITORY } from '../../test/run/project.ts';
import { median } from '../median.ts';
import { bundleLibraries } from './bundle-libraries.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const DAY = '2026-01-31';
const KEY = 'a-key-of-the-bench';

const found = findTool();
if ('missing' in found) {
  console.error(found.missing);
  process.exit(1);
}
const engine = openEngine(found.tool);

for (const variant of ['slim', 'full'] as const) {
  const bytes = Number(engine.command('image', 'inspect', '--format', '{{.Size}}', engine.image(variant)));
  console.log(`${variant}: ${(bytes / 1e6).toFixed(0)} MB`);
}

await using project = createProject({
  dbt: true,
  change: (spec) => {
    spec.pipelines.flights.load.on_empty = 'replace';
    spec.pipelines.flights.checks = [{ reconcile: { tolerance: '0%' } }];
  },
});
const libraries = mkdtempSync(join(tmpdir(), 'pipegen-bench-libraries-'));
process.on('exit', () => rmSync(libraries, { recursive: true, force: true }));
await bundleLibraries(libraries);
// The container has a user of its own.
chmodSync(libraries, 0o755);

const started = await engine.run(['/bench/container/start.ts', String(ROUNDS), '/libraries/libraries.mjs'], {
  ...stepOptions({ project, date: DAY, standIn: { url: '', key: KEY } }),
  image: 'slim',
  entrypoint: 'node',
  mounts: {
    ...stepOptions({ project, date: DAY }).mounts,
    [join(REPOSITORY, 'bench')]: '/bench',
    [libraries]: '/libraries',
  },
});
console.log(started.exit === 0 ? started.stdout.trim() : started.stdout + started.stderr);

let asked: () => void = () => undefined;
const api = createServer((_, response) => {
  asked();
  response.end(JSON.stringify({ pagination: { limit: 100, offset: 0, count: 0, total: 0 }, data: [] }));
});
await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
const standIn = { url: `http://127.0.0.1:${(api.address() as AddressInfo).port}/v1`, key: KEY };

const bare: number[] = [];
const first: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const begin = performance.now();
  // Until it has something to say: to take the container away again is not the start.
  const one = engine.start(`pipegen-bench-${process.pid}`, ['-e', 'console.log(0)'], {
    image: 'slim',
    entrypoint: 'node',
  });
  await once(one.stdout ?? one, 'data');
  bare.push(performance.now() - begin);
  await once(one, 'exit');
  const start = performance.now();
  let milliseconds = Number.NaN;
  asked = () => {
    if (Number.isNaN(milliseconds)) milliseconds = performance.now() - start;
  };
  const { exit, stdout } = await runStep(
    engine,
    'extract',
    { project, date: DAY, run: `${round}`, standIn },
    { image: 'slim' },
  );
  if (exit !== 0) throw new Error(`extract ended with ${exit}\n${stdout}`);
  first.push(milliseconds);
}
console.log(`container: node to its first word: ${median(bare).toFixed(0)} ms`);
console.log(
  `container: extract to its first request: ${median(first).toFixed(0)} ms, ${(median(first) / median(bare)).toFixed(1)} times`,
);

for (const step of ['extract', 'upload', 'load', 'check', 'dbt']) {
  const begin = performance.now();
  const { exit, stdout } = await runStep(engine, step, { project, date: DAY, standIn });
  const seconds = (performance.now() - begin) / 1000;
  console.log(`${step}: ${seconds.toFixed(2)} s, exit ${exit}`);
  if (exit !== 0) console.log(stdout);
}
api.close();
