// Inside the image: the median of `node -e 0`, and of the time from the start of extract to its first request.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Of the image's entry point. */
const FLAGS = ['--min-semi-space-size=4'];
const rounds = Number(process.argv[2]);
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

let asked: (path: string) => void = () => undefined;
// Never answered: a second request of a round that is over may still come in the next one.
const server = createServer(({ url = '' }) => asked(url));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const bare: number[] = [];
const first: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const begin = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  bare.push(performance.now() - begin);
  const start = performance.now();
  const step = spawn(process.execPath, [...FLAGS, '/opt/pipegen/bin/pipegen-runtime.js', 'extract'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PIPEGEN_VAR_AVIATIONSTACK_URL: `${origin}/${round}`, PIPEGEN_RUN_ID: `${round}` },
  });
  const ended = once(step, 'exit');
  await Promise.race([
    new Promise<void>((resolve) => {
      asked = (path) => {
        if (path.startsWith(`/${round}/`)) resolve();
      };
    }),
    ended.then(() => {
      throw new Error('extract ended without a request');
    }),
  ]);
  first.push(performance.now() - start);
  step.kill('SIGKILL');
  await ended.catch(() => undefined);
}
server.closeAllConnections();
server.close();
console.log(
  `node -e 0: ${median(bare).toFixed(0)} ms; to the first request: ${median(first).toFixed(0)} ms, ` +
    `${(median(first) / median(bare)).toFixed(1)} times`,
);
