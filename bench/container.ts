// What the image costs: its sizes, the time from the start of a step to its first request beside that of `node -e 0` in
// the same container, and each step's whole time on a day without a record. `npx node bench/container.ts [ROUNDS]`

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findTool, openEngine } from '../test/container/container.ts';
import { runStep, stepOptions } from '../test/container/steps.ts';
import { createProject, REPOSITORY } from '../test/run/project.ts';

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

const started = await engine.run(['/bench/container-start.ts', String(ROUNDS)], {
  ...stepOptions({ project, date: DAY, standIn: { url: '', key: KEY } }),
  image: 'slim',
  entrypoint: 'node',
  mounts: { ...stepOptions({ project, date: DAY }).mounts, [join(REPOSITORY, 'bench')]: '/bench' },
});
console.log(started.exit === 0 ? started.stdout.trim() : started.stdout + started.stderr);

const api = createServer((_, response) => {
  response.end(JSON.stringify({ pagination: { limit: 100, offset: 0, count: 0, total: 0 }, data: [] }));
});
await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
const standIn = { url: `http://127.0.0.1:${(api.address() as AddressInfo).port}/v1`, key: KEY };
for (const step of ['extract', 'upload', 'load', 'check', 'dbt']) {
  const begin = performance.now();
  const { exit, stdout } = await runStep(engine, step, { project, date: DAY, standIn });
  const seconds = (performance.now() - begin) / 1000;
  console.log(`${step}: ${seconds.toFixed(2)} s, exit ${exit}`);
  if (exit !== 0) console.log(stdout);
}
api.close();
