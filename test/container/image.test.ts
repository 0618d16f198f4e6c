import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EXIT } from '../../src/spec/exit-codes.ts';
import { createProject, finish, REPOSITORY } from '../run/project.ts';
import { type Engine, findTool, openEngine } from './container.ts';
import { runStep, stepOptions } from './steps.ts';

const DAY = '2026-01-31';
const KEY = 'a-key-of-this-test';
const found = findTool();

/** An API whose answers never come, or are an empty page; resolves `asked` at the first request. */
async function startApi(answer: boolean): Promise<{ url: string; key: string; asked: Promise<void> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    resolve();
    if (answer)
      response.end(JSON.stringify({ pagination: { total: 0, count: 0, limit: 100, offset: 0 }, data: [] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, key: KEY, asked: promise };
}

describe.skipIf('missing' in found)('the image', () => {
  let engine: Engine;

  beforeAll(() => {
    if ('missing' in found) return;
    engine = openEngine(found.tool);
    engine.image('full');
    engine.image('slim');
  });

  /** What a script of Node prints, started in the image instead of a step. */
  async function evaluate(script: string, flags: readonly string[] = []): Promise<unknown> {
    const { exit, stdout, stderr } = await engine.run(['-e', script], {
      image: 'slim',
      entrypoint: 'node',
      flags,
    });
    expect(exit, stderr).toBe(0);
    return JSON.parse(stdout);
  }

  it.each([[[]], [['sleep']], [['extract', 'load']]])(
    'says how it is used, and that it was not, for %j',
    async (args) => {
      const { exit, stderr } = await engine.run(args, { image: 'slim' });
      expect({ exit, stderr }).toEqual({
        exit: EXIT.configuration,
        stderr:
          'usage: pipegen-runtime STEP, where STEP is one of extract, upload, load, check, dbt; extract may have a share behind it: 2/4\n',
      });
    },
  );

  it('runs as a numeric user without a shell in between, and says what it is', () => {
    for (const variant of ['full', 'slim'] as const) {
      const [{ Config, config }] = JSON.parse(
        engine.command('image', 'inspect', '--format', '[{{json .}}]', engine.image(variant)),
      );
      const { User, Entrypoint, Labels } = Config ?? config;
      expect(User).toBe('65532:65532');
      expect(Entrypoint[0]).toBe('/usr/bin/tini');
      expect(Labels).toMatchObject({
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
        'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}$/),
      });
    }
  });

  it('refuses dbt where it has none, and says which image has it', async () => {
    await using project = createProject({ dbt: true });
    const { exit, stdout } = await runStep(
      engine,
      'dbt',
      { project, pipeline: 'partner_scorecard', date: DAY },
      { image: 'slim' },
    );
    expect(stdout).toContain('this is the slim image, which has no dbt');
    expect(exit).toBe(EXIT.configuration);
  });

  it('ends by SIGTERM with 143, well within the time that a pod gets', async () => {
    await using project = createProject({ dbt: false });
    const api = await startApi(false);
    const name = `pipegen-test-${randomUUID()}`;
    const child = engine.start(name, ['extract'], {
      ...stepOptions({ project, date: DAY, standIn: api }),
      image: 'slim',
    });
    const ended = finish(child);
    await api.asked;
    engine.command('kill', '--signal=TERM', name);
    const { exit, stdout } = await ended;
    expect(stdout).toContain('"exit":143');
    expect(exit).toBe(EXIT.stopped);
  });

  it('leaves no zombie: what loses its parent is taken over by PID 1 and reaped', async () => {
    const script = `
      const { spawnSync } = require('node:child_process');
      const { readdirSync, readFileSync } = require('node:fs');
      // The shell ends at once and leaves a child, which ends a little later.
      spawnSync('/bin/sh', ['-c', '(sleep 0.2) & exit 0'], { stdio: 'ignore' });
      setTimeout(() => {
        const states = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map((pid) => {
          try { return readFileSync('/proc/' + pid + '/stat', 'utf8').replace(/^.*[)] /, '')[0]; } catch { return ''; }
        });
        console.log(JSON.stringify({ first: readFileSync('/proc/1/comm', 'utf8').trim(), states }));
      }, 3000);`;
    const { exit, stdout, stderr } = await engine.run(['--', 'node', '-e', script], {
      image: 'slim',
      entrypoint: '/usr/bin/tini',
    });
    expect(exit, stderr).toBe(0);
    const { first, states } = JSON.parse(stdout);
    expect(first).toBe('tini');
    expect(states).not.toContain('Z');
  });

  it('gives Node a part of the memory of the container', async () => {
    const script = `console.log(JSON.stringify({
      limit: process.constrainedMemory() / 2 ** 20,
      heap: require('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20,
    }))`;
    const { limit, heap } = (await evaluate(script, ['--memory=512m'])) as { limit: number; heap: number };
    expect(limit).toBe(512);
    expect(heap).toBeGreaterThan(512 * 0.3);
    expect(heap).toBeLessThan(512 * 0.5);
  });

  it('writes nowhere but to /tmp', async () => {
    const script = `
      const { writeFileSync } = require('node:fs');
      const failed = ['/app', '/opt/pipegen', '/usr/local', '/tmp', process.env.HOME, '/home'].filter((folder) => {
        try { writeFileSync(folder + '/probe', ''); return false; } catch { return true; }
      });
      console.log(JSON.stringify({ failed, id: [process.getuid(), process.getgid()] }));`;
    expect(await evaluate(script)).toEqual({
      failed: ['/app', '/opt/pipegen', '/usr/local', '/home'],
      id: [65532, 65532],
    });
  });

  it('gives handlers what they import by the name of the package', async () => {
    const script = `
      const { resolve } = require('node:module').createRequire('/app/handlers/any.ts');
      Promise.all(['pipegen/handlers', 'pipegen/sources/aviationstack'].map((name) => import(resolve(name))))
        .then((all) => console.log(JSON.stringify(all.map(Object.keys))));`;
    const [handlers, aviationstack] = (await evaluate(script)) as string[][];
    expect(handlers).toEqual(expect.arrayContaining(['BadData', 'Configuration', 'Temporary']));
    expect(aviationstack).toContain('fetchFlights');
  });

  it('lists every package that is in the bundle, with its licence', async () => {
    const script = `
      const { readFileSync } = require('node:fs');
      const { outputs } = JSON.parse(readFileSync('/app/sbom/runtime.meta.json', 'utf8'));
      const { components } = JSON.parse(readFileSync('/app/sbom/runtime.cdx.json', 'utf8'));
      const licences = readFileSync('/app/LICENSES/runtime/LICENCES.txt', 'utf8');
      console.log(JSON.stringify({
        inputs: Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)),
        listed: components.map(({ group, name }) => group === undefined ? name : group + '/' + name),
        unlicensed: licences.split('\\n').filter((line) => line.endsWith('see its text')),
      }));`;
    const { inputs, listed, unlicensed } = (await evaluate(script)) as Record<string, string[]>;
    const packages = new Set(
      (inputs ?? []).flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
    );
    expect(packages.size).toBeGreaterThan(50);
    expect(packages).toContain('@duckdb/node-bindings-linux-x64');
    expect([...packages].filter((name) => !listed?.includes(name))).toEqual([]);
    expect(listed?.filter((name) => name.includes('VirtualComponent'))).toEqual([]);
    expect(unlicensed).toEqual([]);
  });

  it('lists the Python packages of dbt, with their licences', async () => {
    const script = `
      const { readFileSync } = require('node:fs');
      const { components } = JSON.parse(readFileSync('/app/sbom/dbt.cdx.json', 'utf8'));
      console.log(JSON.stringify(components.map(({ name }) => name)));`;
    const { stdout } = await engine.run(['-e', script], { entrypoint: 'node' });
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([
        'dbt-core',
        'dbt-duckdb',
        'dbt-snowflake',
        'duckdb',
        'snowflake-connector-python',
      ]),
    );
  });

  it('holds nothing of the machine that built it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipegen-image-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    chmodSync(folder, 0o755);
    const words = JSON.stringify([REPOSITORY, KEY]);
    writeFileSync(
      join(folder, 'search.js'),
      `const { readdirSync, readFileSync } = require('node:fs');
      const hits = [];
      for (const root of ['/app', '/opt/pipegen/bin', '/opt/pipegen/dist', '/run', '/etc/ssl', '/root', '/build', '/src']) {
        let entries = [];
        try { entries = readdirSync(root, { recursive: true, withFileTypes: true }); } catch { continue; }
        for (const entry of entries.filter((one) => one.isFile())) {
          const path = entry.parentPath + '/' + entry.name;
          let bytes;
          try { bytes = readFileSync(path); } catch { continue; }
          for (const word of ${words}) if (bytes.includes(word)) hits.push(path + ': ' + word);
          if (/\\.map$/.test(path)) hits.push(path);
        }
      }
      console.log(JSON.stringify(hits));`,
    );
    for (const image of ['slim', 'full'] as const) {
      const { stdout, stderr } = await engine.run(['/search/search.js'], {
        image,
        entrypoint: 'node',
        mounts: { [folder]: '/search' },
      });
      expect({ stdout, stderr }).toEqual({ stdout: '[]\n', stderr: '' });
    }
  });
});

if ('missing' in found) {
  const { missing } = found;
  it('needs a container tool', ({ skip }) => skip(missing));
}
