import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProject, type Project } from '../../run/project.ts';

let project: Project;

beforeAll(async () => {
  project = createProject({ dbt: false });
  expect(await project.pipegen(['build'])).toMatchObject({ exit: 0 });
});

afterAll(() => project[Symbol.asyncDispose]());

describe('pipegen diff', () => {
  it('says nothing of what stays, and ends with 0 either way', async () => {
    const same = await project.pipegen(['diff', '--env', 'local', '--exit-code']);
    expect(same).toEqual({ exit: 0, stderr: '', stdout: 'local (Airflow 3.3): 2 unchanged\n' });
    project.edit((spec) => {
      spec.pipelines.flights.start_date = '2026-02-01';
    });
    const changed = await project.pipegen(['diff', '--env', 'local']);
    expect(changed.exit).toBe(0);
    expect(changed.stdout).toContain('start_date: "2026-01-01" → "2026-02-01"');
    expect((await project.pipegen(['diff', '--env', 'local', '--exit-code'])).exit).toBe(1);
  });

  it('writes nothing', async () => {
    const list = join(project.folder, 'generated/.pipegen.json');
    const { mtimeMs } = statSync(list);
    await project.pipegen(['diff']);
    expect(statSync(list).mtimeMs).toBe(mtimeMs);
    await project.pipegen(['diff', '--out', 'elsewhere']);
    expect(existsSync(join(project.folder, 'elsewhere'))).toBe(false);
  });

  it('prints one document with --format json, and Markdown with --format markdown', async () => {
    const json = await project.pipegen(['diff', '--env', 'local', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      version: 1,
      changed: true,
      environments: [
        {
          environment: 'local',
          airflow: '3.3',
          problem: null,
          dags: [
            {
              dag: 'flights',
              status: 'changed',
              renamed_from: null,
              job_changed: false,
              changes: [
                {
                  path: 'start_date',
                  subject: 'runs',
                  serialized: true,
                  before: '2026-01-01',
                  after: '2026-02-01',
                },
              ],
              consequences: [{ kind: 'new_version' }, { kind: 'in_flight' }],
            },
            { dag: 'partner_scorecard', status: 'unchanged', changes: [], consequences: [] },
          ],
        },
      ],
    });
    const markdown = await project.pipegen(['diff', '--format', 'markdown']);
    expect(markdown.stdout).toMatch(/^## What a build would change\n\n### local \(Airflow 3\.3\): 1 changed/);
  });

  it('keeps findings away from a document', async () => {
    const { exit, stdout, stderr } = await project.pipegen([
      'diff',
      '--format',
      'json',
      '--file',
      'nowhere.yaml',
    ]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(/there is no such file/);
    project.edit((spec) => {
      spec.pipelines.flights.schdule = spec.pipelines.flights.schedule;
    });
    const broken = await project.pipegen(['diff', '--format', 'json']);
    expect(broken).toMatchObject({ exit: 1, stdout: '' });
    expect(broken.stderr).toMatch(/unknown key "schdule"/);
    project.edit((spec) => {
      delete spec.pipelines.flights.schdule;
    });
  });

  it.each([
    [['--env', 'locale'], /there is no environment "locale": did you mean "local"\?/],
    [['--format', 'yaml'], /Allowed choices are pretty, json, markdown/],
  ])('%j is a wrong invocation and says so', async (args, message) => {
    const { exit, stderr } = await project.pipegen(['diff', ...args]);
    expect(stderr).toMatch(message);
    expect(exit).toBe(2);
  });

  it('sees a renamed pipeline, whose old file a build removes', async () => {
    project.edit((spec) => {
      spec.pipelines.scorecard = { ...spec.pipelines.partner_scorecard, renamed_from: 'partner_scorecard' };
      delete spec.pipelines.partner_scorecard;
    });
    const { stdout } = await project.pipegen(['diff', '--env', 'local']);
    expect(stdout).toContain('→ scorecard: renamed from partner_scorecard');
    const build = await project.pipegen(['build']);
    expect(build.stdout).toContain('removed generated/local/dags/partner_scorecard.py');
    expect((await project.pipegen(['diff', '--exit-code'])).exit).toBe(0);
  });
});
