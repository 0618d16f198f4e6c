// Inside the image: medians of `node -e 0`, and of the times from the start of a process to its first request: of the
// libraries alone (LIBRARIES, a bundle), and of extract.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { median } from '../median.ts';

/** Of the image's entry point. */
const FLAGS = ['--min-semi-space-size=4'];
const [rounds = '', libraries = ''] = process.argv.slice(2);

let asked: (path: string) => void = () => undefined;
let answers = true;
const server = createServer(({ url = '' }, response) => {
  asked(url);
  if (answers) response.end('{}');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Milliseconds until the process asks for something. */
async function firstRequest(args: readonly string[], name: string, environment = {}): Promise<number> {
  const start = performance.now();
  const one = spawn(process.execPath, [...FLAGS, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ...environment,
      PIPEGEN_VAR_AVIATIONSTACK_URL: `${origin}/${name}`,
      PIPEGEN_RUN_ID: name,
    },
  });
  const ended = once(one, 'exit');
  await Promise.race([
    new Promise<void>((resolve) => {
      asked = (path) => {
        if (path.startsWith(`/${name}/`)) resolve();
      };
    }),
    ended.then(() => {
      throw new Error(`${args.join(' ')} ended without a request`);
    }),
  ]);
  const milliseconds = performance.now() - start;
  // With an answer it ends by itself, and then Node keeps what it has compiled.
  if (!answers) one.kill('SIGKILL');
  await ended.catch(() => undefined);
  return milliseconds;
}

const compiled = { NODE_COMPILE_CACHE: '/tmp/compiled-libraries' };
await firstRequest([libraries], 'compile', compiled);
// From here on never: a second request of a round that is over may still come in the next one.
answers = false;

const times = { bare: [] as number[], libraries: [] as number[], extract: [] as number[] };
for (let round = 0; round < Number(rounds); round += 1) {
  const start = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  times.bare.push(performance.now() - start);
  times.libraries.push(await firstRequest([libraries], `libraries-${round}`, compiled));
  times.extract.push(
    await firstRequest(['/opt/pipegen/bin/pipegen-runtime.js', 'extract'], `extract-${round}`),
  );
}
server.closeAllConnections();
server.close();
const bare = median(times.bare);
const say = (what: string, milliseconds: number) =>
  console.log(`${what}: ${milliseconds.toFixed(0)} ms, ${(milliseconds / bare).toFixed(1)} times`);
say('process: node -e 0', bare);
say('process: the libraries to their first request', median(times.libraries));
say('process: extract to its first request', median(times.extract));
