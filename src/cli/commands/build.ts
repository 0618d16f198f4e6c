import { resolve } from 'node:path';
import type { Command } from 'commander';
import { compile, hasErrors } from '../../compiler/compile.ts';
import { suggest } from '../../compiler/did-you-mean.ts';
import { OutputError } from '../../compiler/output/output-error.ts';
import { type WriteReport, write } from '../../compiler/write.ts';
import { plural, printFindings } from '../print.ts';
import { findProject, isFinding, readProject } from '../project.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  file?: string;
  env?: string;
  out: string;
  check?: boolean;
  image?: string;
}

export function addBuild(program: Command, end: (code: number) => void): void {
  program
    .command('build')
    .description('write the DAG files of every environment')
    .option('--env <name>', 'only this environment; files of the others stay as they are')
    .option('--out <folder>', 'where to, relative to the spec', 'generated')
    .option('--image <reference>', 'image of the pods, instead of repository and digest of the spec')
    .option('--check', 'write nothing, end with 1 when a build would change something')
    .action((_, command: Command) => end(build(command.optsWithGlobals<Options>())));
}

function build(options: Options): number {
  const project = findProject(options.file);
  const input = readProject(project);
  if (isFinding(input)) {
    printFindings([input], new Map());
    return 1;
  }
  const { spec, findings, texts, files, dags } = compile({
    ...input,
    environment: options.env,
    image: options.image,
  });
  printFindings(findings, texts);
  if (hasErrors(findings) || spec === undefined) return 1;
  const environments = spec.environments.map(({ name }) => name);
  if (options.env !== undefined && !environments.includes(options.env)) {
    throw new UsageError(
      `there is no environment "${options.env}": ${suggest(options.env, environments) ?? ''}`,
    );
  }
  const folder = resolve(project.home, options.out);
  const scope = options.env === undefined ? {} : { only: `${options.env}/` };
  const report = writeOrSay(files, { folder, check: options.check === true, ...scope });
  if (report === undefined) return 1;
  for (const { path, reason } of report.refused)
    process.stdout.write(`refused ${options.out}/${path}: ${reason}\n`);
  for (const { path, reason } of report.kept)
    process.stdout.write(`kept ${options.out}/${path}: ${reason}\n`);
  if (options.check === true) {
    for (const path of report.drift) process.stdout.write(`drift ${options.out}/${path}\n`);
    const state = report.drift.length === 0 ? 'up to date' : 'not up to date: run `pipegen build`';
    process.stdout.write(`${options.out}: ${plural(files.length, 'file')}, ${state}\n`);
    return report.drift.length === 0 ? 0 : 1;
  }
  for (const path of report.written) process.stdout.write(`wrote ${options.out}/${path}\n`);
  for (const path of report.removed) process.stdout.write(`removed ${options.out}/${path}\n`);
  process.stdout.write(
    `${plural(dags.length, 'DAG')}: ${report.written.length} written, ${report.unchanged.length} unchanged, ${report.removed.length} removed\n`,
  );
  return report.refused.length === 0 ? 0 : 1;
}

/** What a disk refuses is said in one line; undefined then. */
function writeOrSay(...input: Parameters<typeof write>): WriteReport | undefined {
  try {
    return write(...input);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return undefined;
  }
}
