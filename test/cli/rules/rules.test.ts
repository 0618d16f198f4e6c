import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importRule } from '../../../src/cli/rules/import-rule.ts';
import { finish, REPOSITORY } from '../../run/project.ts';

const GOLDEN = fileURLToPath(new URL('golden', import.meta.url));

let home: string;
let folder: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'pipegen rules-')));
  folder = join(home, 'project');
  mkdirSync(folder);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const take = (name: string) => cpSync(join(GOLDEN, name), folder, { recursive: true });
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const cacheEntries = () => {
  const cache = join(home, 'cache/pipegen/lint');
  return existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name)) : [];
};

function start(args: readonly string[]) {
  const env = { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: join(home, 'cache') };
  const entry = join(REPOSITORY, 'bin/pipegen.js');
  return spawn(process.execPath, [entry, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

const pipegen = (...args: string[]) => finish(start(args));

/** A spec of one pipeline, and a rule that finds its name where `isBad` of another file says so. */
function oneRule(text = 'export const isBad = (name: string) => name === "flights";\n'): void {
  put(
    'pipelines.yaml',
    `version: 1
rules: [rules/*.ts]
environments:
  laptop:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
pipelines:
  flights: { dbt: { project: dbt, select: [flights] } }
`,
  );
  put('lib/bad.ts', text);
  put(
    'rules/bad-name.ts',
    `import { pipelinesOf, type Rule } from 'pipegen/rules';
import { isBad } from '../lib/bad.ts';

export default {
  name: 'acme-bad-name',
  severity: 'error',
  category: 'practice',
  why: 'A bad name\\u001B[2J is no good one.',
  bad: 'pipelines: { bad: { dbt: { project: dbt, select: [bad] } } }',
  good: 'pipelines: {}',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      if (isBad(pipeline.name)) report({ message: 'a bad name', layers: [['pipelines', pipeline.name]], path: [], want: 'key' });
    }
  },
} satisfies Rule;
`,
  );
}

const BAD = 'pipelines.yaml:10:3: error acme-bad-name a bad name\n';

describe('rules of a project', () => {
  it.each(['violated', 'broken'])(
    'say what is wrong with a spec, or what is wrong with them: %s',
    async (name) => {
      take(name);
      put('rules/own.test.ts', "throw new Error('tests of rules are none');\n");
      const { exit, stdout, stderr } = await pipegen('lint');
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: '' });
      await expect(stdout).toMatchFileSnapshot(`golden/${name}/expected.txt`);
    },
  );

  it('are loaded through a link to the project, and not through one that leads out of it', async () => {
    oneRule();
    writeFileSync(join(home, 'outside.ts'), 'export default 1;');
    symlinkSync('../../outside.ts', join(folder, 'rules/linked.ts'));
    symlinkSync(folder, join(home, 'link'));
    const { stdout, exit } = await pipegen(
      '-f',
      join(home, 'link/pipelines.yaml'),
      'lint',
      '--format',
      'concise',
    );
    expect(stdout).toContain('rules/linked.ts is a link that leads out of the folder of the spec');
    expect(stdout).toContain('error acme-bad-name a bad name');
    expect(exit).toBe(1);
  });

  it('stand in the way of every command that lints', async () => {
    oneRule();
    const commands = [['build'], ['diff'], ['run', 'flights', '--date', '2026-01-01', '--env', 'laptop']];
    for (const command of commands) {
      const { exit, stdout } = await pipegen(...command);
      expect(stdout).toContain('a bad name (acme-bad-name)');
      expect(exit).toBe(1);
    }
    expect(existsSync(join(folder, 'generated'))).toBe(false);
    const doctor = await pipegen('doctor', '--env', 'laptop');
    expect(doctor.stdout).toContain('1 error, the first: a bad name (acme-bad-name)');
    put('lib/bad.ts', 'export const isBad = (name: string) => name === "others";\n');
    expect(await pipegen('build')).toMatchObject({ exit: 0 });
  });

  it('are explained beside ours', async () => {
    take('violated');
    const { stdout } = await pipegen('explain', 'acme-unmasked-pii');
    expect(stdout).toMatch(/^acme-unmasked-pii \(error, security\)\n\nWhat is of a person/);
    expect(stdout).toContain('Found in:\n  pipelines:\n    flights:\n      tags:\n        - pii\n');
    expect(stdout).toContain('# pipegen-ignore acme-unmasked-pii: REASON');
    expect((await pipegen('explain')).stdout).toMatch(/^security\n(?: .*\n)* {2}acme-unmasked-pii +error\n/m);
    const unknown = await pipegen('explain', 'acme-unmasked-pi');
    expect(unknown.stderr).toContain('did you mean "acme-unmasked-pii"?');
    expect(unknown.exit).toBe(2);
  });

  it('say in SARIF why, from the cache too', async () => {
    oneRule();
    const first = await pipegen('lint', '--format', 'sarif');
    const [rule] = JSON.parse(first.stdout).runs[0].tool.driver.rules;
    expect(rule).toMatchObject({
      id: 'acme-bad-name',
      fullDescription: { text: expect.stringMatching(/^A bad name/) },
      properties: { tags: ['practice'] },
    });
    expect(cacheEntries()).toHaveLength(1);
    expect(await pipegen('lint', '--format', 'sarif')).toEqual(first);
  });

  it('are part of what the cache of lint answers for, with all that they import', async () => {
    oneRule();
    const lint = () => pipegen('lint', '--format', 'concise');
    expect(await lint()).toEqual({ exit: 1, stdout: BAD, stderr: '' });
    const [entry = ''] = cacheEntries();
    const { ino } = statSync(entry);
    expect((await lint()).stdout).toBe(BAD);
    expect(statSync(entry).ino).toBe(ino);
    put('lib/bad.ts', 'export const isBad = (name: string) => name === "others";\n');
    expect(await lint()).toEqual({ exit: 0, stdout: '', stderr: '' });
    put('rules/another.ts', 'export default 1;\n');
    expect((await lint()).stdout).toContain('unusable-rule');
  });

  it('are asked again each time where they read what nobody can see', async () => {
    oneRule(`import { existsSync } from 'node:fs';
export const isBad = (name: string) => existsSync(name);
`);
    expect((await pipegen('lint', '--format', 'concise')).stdout).toBe('');
    put('flights', '');
    expect((await pipegen('lint', '--format', 'concise')).stdout).toBe(BAD);
    expect(cacheEntries()).toEqual([]);
  });

  it('are heard when the spec is fixed', async () => {
    oneRule();
    put(
      'pipelines.yaml',
      `${read('pipelines.yaml')}  trips: { description: \${partition}, dbt: { project: dbt, select: [a] } }\n`,
    );
    const { stdout, stderr } = await pipegen('lint', '--fix', '--format', 'concise');
    expect(stderr).toMatch(/^fixed pipelines\.yaml:11:/);
    expect(stdout).toContain(BAD);
  });

  it('are loaded anew when one of their files changes under --watch', async () => {
    oneRule();
    const child = start(['lint', '--watch', '--format', 'concise']);
    let said = '';
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    const ended = finish(child);
    const rounds = async (count: number) => {
      while (said.split('waiting for a change').length <= count && child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    try {
      await rounds(1);
      put('lib/bad.ts', 'export const isBad = (name: string) => name === "others";\n');
      await rounds(2);
      put('lib/bad.ts', 'export const isBad = (name: string) => name.length === 7;\n');
      await rounds(3);
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ exit: 0, stdout: `${BAD}${BAD}` });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it.each([
    ['a promise', "Promise.reject(new RangeError('later\\nand more'))", 'RangeError: later'],
    ['a timer', "setTimeout(() => { throw new Error('much later'); }, 1)", 'Error: much later'],
  ])('end the command with one line where they throw out of %s', async (_, expression, thrown) => {
    oneRule(`export const isBad = () => {
  ${expression};
  return false;
};
`);
    const { exit, stderr } = await pipegen('lint');
    expect(stderr).toMatch(/^error: lib\/bad\.ts:2:\d+: a rule of the project threw [^\n]*\n$/);
    expect(stderr).toContain(`threw ${thrown} that nobody waits for`);
    expect(exit).toBe(1);
  });

  it('do not keep a command for ever whose import never ends', async () => {
    put('rules/endless.mjs', 'await new Promise(() => {});\nexport default 1;\n');
    expect(await importRule(folder, 'rules/endless.mjs', '0', 20)).toEqual({
      problem: 'rules/endless.mjs has not ended after 0.02 s, and what it exports is not known',
      help: 'let it wait for nothing while it is imported',
    });
  });
});
