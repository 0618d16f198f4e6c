import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createProject, type Project } from '../../run/project.ts';
import { examplesOf, ROOT } from './examples.ts';

interface Workflow {
  readonly permissions: Record<string, string>;
  readonly jobs: {
    readonly lint: { readonly steps: readonly { run?: string; uses?: string; with?: object }[] };
  };
}
interface Gitlab {
  readonly pipelines: {
    readonly script: readonly string[];
    readonly artifacts: { readonly paths: string[] };
  };
}
interface PreCommit {
  readonly repos: readonly { readonly hooks: readonly Hook[] }[];
}
interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
}

const [github, gitlab, preCommit] = examplesOf('docs/ci.md').map(({ text }): unknown => parse(text)) as [
  Workflow,
  Gitlab,
  PreCommit,
];

let project: Project;

/** A repository with the package installed, as `npm ci` leaves it. */
beforeAll(async () => {
  project = createProject({ dbt: false });
  mkdirSync(join(project.folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(join(ROOT, 'bin/pipegen.js'), join(project.folder, 'node_modules/.bin/pipegen'));
  expect((await project.pipegen(['build'])).exit).toBe(0);
});

afterAll(() => project[Symbol.asyncDispose]());

function sh(command: string) {
  const summary = join(project.folder, 'summary.md');
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', command], {
    cwd: project.folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      GITHUB_STEP_SUMMARY: summary,
      XDG_CACHE_HOME: join(project.folder, 'cache'),
      npm_config_loglevel: 'silent',
    },
  });
  return { status, said: stdout + stderr };
}

const isOurs = (command: string) => command.includes('pipegen');

describe('docs/ci.md', () => {
  const runs = github.jobs.lint.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  it.each([...runs, ...gitlab.pipelines.script].filter(isOurs))('runs: %s', (command) => {
    const { status, said } = sh(command);
    expect(said).not.toMatch(/error/i);
    expect(status).toBe(0);
  });

  it('uploads what it wrote, and may', () => {
    const upload = github.jobs.lint.steps.find(({ uses }) => uses?.includes('upload-sarif'));
    expect(upload?.with).toMatchObject({ sarif_file: 'pipegen.sarif' });
    expect(github.permissions['security-events']).toBe('write');
    for (const path of gitlab.pipelines.artifacts.paths)
      expect(existsSync(join(project.folder, path))).toBe(true);
    expect(readFileSync(join(project.folder, 'summary.md'), 'utf8')).toContain(
      '## What a build would change',
    );
  });

  const hooks = preCommit.repos.flatMap((one) => one.hooks);
  it.each(hooks)('commits are checked by $entry', ({ entry, files }) => {
    expect(sh(entry).status).toBe(0);
    expect('pipelines/orders.yaml').toMatch(new RegExp(files));
    expect('README.md').not.toMatch(new RegExp(files));
  });

  it('offers the same hooks to those who name this repository', () => {
    const offered = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as Hook[];
    expect(offered).toMatchObject(hooks);
  });
});
