import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProject, type Project, REPOSITORY } from '../run/project.ts';

let project: Project;

beforeAll(() => {
  project = createProject({ dbt: false });
});

afterAll(() => project[Symbol.asyncDispose]());
afterEach(() => vi.unstubAllEnvs());

describe('pipegen', () => {
  it.each([
    [[], /Usage: pipegen/],
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['lint', '--wrong'], /unknown option '--wrong'/],
    [['explain', 'nulable-key'], /nothing is called "nulable-key": did you mean "nullable-key"\?/],
    [['run'], /missing required argument 'pipeline'/],
    [['run', 'flihgts'], /there is no pipeline "flihgts": did you mean "flights"\?/],
    [['run', 'flights', '--env', 'locale'], /there is no environment "locale": did you mean "local"\?/],
    [['run', 'flights', '--date', '2026-02-30'], /a date that exists is needed/],
    [['run', 'flights', '--to', '2026-02-01'], /--to needs --date/],
    [
      ['run', 'flights', '--date', '2026-02-02', '--to', '2026-02-01'],
      /--to 2026-02-01 is before --date 2026-02-02/,
    ],
    [['run', 'flights', '--from', 'loda'], /one of extract, upload, load, check, dbt/],
    [
      ['run', 'flights', '--date', '2026-02-01', '--from', 'load'],
      /no run of this partition has finished upload/,
    ],
    [['build', '--env', 'staging'], /there is no environment "staging"/],
    [['stand-in', '--plan', 'gold'], /one of free, basic, professional, business/],
  ])('%j is a wrong invocation and says so', async (args, message) => {
    const { exit, stderr } = await project.pipegen(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(exit).toBe(2);
  });

  it('shows its help and its version', async () => {
    const help = await project.pipegen(['--help']);
    expect(help.exit).toBe(0);
    for (const command of ['lint', 'explain', 'build', 'diff', 'run', 'gc', 'stand-in', 'demo'])
      expect(help.stdout).toContain(`  ${command}`);
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await project.pipegen(['--version'])).toMatchObject({ exit: 0, stdout: `${version}\n` });
  });

  it('lints a sound spec in silence, five mistakes as five findings', async () => {
    const sound = await project.pipegen(['lint']);
    expect(sound).toMatchObject({ exit: 0, stderr: '' });
    expect(sound.stdout).toBe('pipelines.yaml: 2 pipelines in 5 environments, nothing to say\n');
    const broken = join(REPOSITORY, 'test/compiler/findings/five-mistakes/pipelines.yaml');
    const { exit, stdout } = await project.pipegen(['lint', '--file', broken]);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/\n5 errors, 0 warnings\n$/);
    expect(stdout.match(/ help: /g)).toHaveLength(5);
    expect(stdout.match(/\| +\^+\n/g)).toHaveLength(5);
  });

  it.each([
    ['empty', '', /the file has no content \(empty-spec\)/],
    ['binary', 'version\0: 1', /the file is binary, not YAML \(not-text\)/],
  ])('says of an %s file what it is', async (name, content, message) => {
    const path = join(project.folder, `${name}.yaml`);
    writeFileSync(path, content);
    const { exit, stdout } = await project.pipegen(['lint', '--file', path]);
    expect(exit).toBe(1);
    expect(stdout).toMatch(message);
    expect(stdout).toMatch(/\n1 error, 0 warnings\n$/);
  });

  it('says of a missing file that it is missing, and where none is, how to name one', async () => {
    const named = await project.pipegen(['lint', '--file', 'nowhere.yaml']);
    expect(named.exit).toBe(1);
    expect(named.stdout).toMatch(/there is no such file \(unreadable-spec\)\n {2}nowhere.yaml/);
    const empty = mkdtempSync(join(tmpdir(), 'pipegen-empty-'));
    const entry = join(REPOSITORY, 'bin/pipegen.js');
    const lint = () =>
      execFileSync(process.execPath, [entry, 'lint'], { cwd: empty, encoding: 'utf8', stdio: 'pipe' });
    expect(lint).toThrow(/there is no pipelines.yaml here or in any folder above: name one by --file/);
    rmSync(empty, { recursive: true });
  });

  it('builds, finds nothing to do the second time, sees drift and repairs it', async () => {
    const first = await project.pipegen(['build']);
    expect(first.exit, first.stdout).toBe(0);
    expect(first.stdout).toContain('wrote generated/production_2_11/dags/flights.py');
    const file = join(project.folder, 'generated/local/dags/flights.py');
    const { mtimeMs } = statSync(file);
    const second = await project.pipegen(['build']);
    expect(second.stdout).toMatch(/^10 DAGs: 0 written, \d+ unchanged, 0 removed\n$/);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
    expect((await project.pipegen(['build', '--check'])).exit).toBe(0);
    project.edit((spec) => {
      spec.pipelines.flights.description = 'Another text';
    });
    const drift = await project.pipegen(['build', '--check']);
    expect(drift.exit).toBe(1);
    expect(drift.stdout).toContain('generated/local/dags/flights.py');
    const one = await project.pipegen(['build', '--env', 'local']);
    expect(one.exit).toBe(0);
    expect(one.stdout).toMatch(/3 written, \d+ unchanged, 0 removed\n$/);
    expect((await project.pipegen(['build', '--check', '--env', 'local'])).exit).toBe(0);
    expect((await project.pipegen(['build', '--check'])).exit).toBe(1);
    project.edit((spec) => {
      delete spec.pipelines.partner_scorecard;
    });
    const last = await project.pipegen(['build']);
    expect(last.stdout).toContain('removed generated/production/dags/partner_scorecard.py');
    expect((await project.pipegen(['build', '--check'])).exit).toBe(0);
  });

  it('refuses to build for Kubernetes without the digest of an image, and takes one by --image', async () => {
    rmSync(join(project.folder, 'image.digest'));
    const { exit, stdout } = await project.pipegen(['build']);
    expect(exit).toBe(1);
    expect(stdout).toMatch(
      /there is no file "image.digest" with the digest of the image \(image-without-digest\)/,
    );
    expect((await project.pipegen(['build', '--env', 'local'])).exit).toBe(0);
    const named = await project.pipegen(['build', '--image', 'registry.example.com/other@sha256:abc']);
    expect(named.exit).toBe(0);
    const file = join(project.folder, 'generated/production/dags/flights.py');
    expect(readFileSync(file, 'utf8')).toContain('registry.example.com/other@sha256:abc');
  });

  it('says of an environment whose store it can’t reach what is missing', async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(project.folder, 'no-such-key.json'));
    const { exit, stderr } = await project.pipegen([
      'run',
      'flights',
      '--env',
      'production',
      '--date',
      '2026-02-01',
    ]);
    expect(stderr).toBe(
      'error: the file with the Google credentials is not there: see GOOGLE_APPLICATION_CREDENTIALS and the files that it names\n',
    );
    expect(exit).toBe(1);
  });

  it('runs a command beside the stand-in and passes its exit code on', async () => {
    const script =
      'fetch(process.env.PIPEGEN_VAR_AVIATIONSTACK_URL + "/flights").then((r) => process.exit(r.status - 400))';
    const { exit } = await project.pipegen(['stand-in', '--', process.execPath, '-e', script]);
    expect(exit).toBe(1);
  });
});

describe('pipegen-runtime', () => {
  const runtime = (args: string[], environment: Record<string, string>) => {
    try {
      const entry = join(REPOSITORY, 'bin/pipegen-runtime.js');
      execFileSync(process.execPath, [entry, ...args], { env: environment, encoding: 'utf8', stdio: 'pipe' });
      return { status: 0, stdout: '', stderr: '' };
    } catch (error) {
      return error as { status: number; stdout: string; stderr: string };
    }
  };

  it.each([
    [[], {}, /usage: pipegen-runtime STEP/],
    [['extarct'], {}, /one of extract, upload, load, check, dbt/],
    [['extract'], {}, /PIPEGEN_JOB is not set/],
    [['extract'], { PIPEGEN_JOB: '{' }, /PIPEGEN_JOB is not JSON/],
    [['extract'], { PIPEGEN_JOB: '{}' }, /PIPEGEN_JOB does not fit this version of pipegen/],
  ])('%j with %j is a matter of configuration', (args, environment, message) => {
    const { status, stdout, stderr } = runtime(args, environment);
    expect(stdout + stderr).toMatch(message);
    expect(status).toBe(78);
  });
});
