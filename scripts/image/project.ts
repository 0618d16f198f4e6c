// Copies what steps read of the project into the folder given: dbt projects, their generated sources, handlers with the
// files that they import. Fails where the spec has errors or a file of it was not sent to the build.
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findProject, isFinding, readProject } from '../../src/cli/project.ts';
import { check, hasErrors } from '../../src/compiler/compile.ts';

const out = resolve(process.argv[2] ?? 'dist/project');

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

const project = findProject(undefined);
const input = readProject(project);
if (isFinding(input)) fail(input.message);
const { spec, findings } = check(input);
if (spec === undefined || hasErrors(findings)) {
  const said = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  fail(
    `${project.file} can't be built from what .dockerignore lets through:\n${said.join('\n')}\n` +
      'See `pipegen lint`; a file that is there and missing here needs a line in .dockerignore.',
  );
}

const paths = new Set<string>();
for (const environment of spec.environments) {
  for (const { settings, handlers } of environment.pipelines) {
    for (const file of Object.keys(handlers ?? {})) paths.add(file);
    const { dbt } = settings;
    if (dbt === undefined || dbt.runner === 'dbt_cloud') continue;
    paths.add(dbt.project);
    paths.add(`generated/${environment.name}/dbt`);
  }
}
mkdirSync(out, { recursive: true });
for (const path of [...paths].sort()) {
  const from = join(project.home, path);
  if (path.startsWith('generated/') && !existsSync(from)) continue; // of a pipeline without a table of its own
  if (!existsSync(from))
    fail(`${path}, which the spec names, is not there: give it a line in .dockerignore.`);
  mkdirSync(dirname(join(out, path)), { recursive: true });
  cpSync(from, join(out, path), { recursive: true });
}
// What handlers import by the package's name is what the image runs.
mkdirSync(join(out, 'node_modules'), { recursive: true });
symlinkSync('/opt/pipegen', join(out, 'node_modules/pipegen'));
