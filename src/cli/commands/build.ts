import { resolve } from 'node:path';
import type { Command } from 'commander';
import { compile } from '../../compiler/compile.ts';
import { suggest } from '../../compiler/did-you-mean.ts';
import { write } from '../../compiler/write.ts';
import { report } from '../findings/report.ts';
import { addReportOptions, type ReportOptions } from '../findings/report-options.ts';
import { openProject } from '../open-project.ts';
import { plural } from '../print.ts';
import { findProject, isFinding } from '../project.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends ReportOptions {
  file?: string;
  env?: string;
  out: string;
  check?: boolean;
  image?: string;
}

export function addBuild(program: Command, end: (code: number) => void): void {
  addReportOptions(program.command('build'))
    .description('write the DAG files of every environment')
    .option('--env <name>', 'only this environment; files of the others stay as they are')
    .option('--out <folder>', 'where to, relative to the spec', 'generated')
    .option('--image <reference>', 'image of the pods, instead of repository and digest of the spec')
    .option('--check', 'write nothing, end with 1 when a build would change something')
    .action(async (_, command: Command) => end(await build(command.optsWithGlobals<Options>())));
}

async function build(options: Options): Promise<number> {
  const project = findProject(options.file);
  const input = await openProject(project);
  if (isFinding(input)) {
    await report([input], () => undefined, options);
    return 1;
  }
  const { spec, findings, texts, files, dags, customRules } = compile({
    ...input,
    environment: options.env,
    image: options.image,
  });
  const rules = customRules.map(({ rule }) => rule);
  const goesOn = await report(findings, (file) => texts.get(file), options, { rules });
  if (!goesOn || spec === undefined) return 1;
  const environments = spec.environments.map(({ name }) => name);
  if (options.env !== undefined && !environments.includes(options.env)) {
    throw new UsageError(
      `there is no environment "${options.env}": ${suggest(options.env, environments) ?? ''}`,
    );
  }
  const folder = resolve(project.home, options.out);
  const scope = options.env === undefined ? {} : { only: `${options.env}/` };
  const done = write(files, { folder, check: options.check === true, ...scope });
  // A document for programs has stdout for itself.
  const stream = options.format === 'pretty' ? process.stdout : process.stderr;
  const say = (line: string) => void stream.write(`${line}\n`);
  for (const { path, reason } of done.refused) say(`refused ${options.out}/${path}: ${reason}`);
  for (const { path, reason } of done.kept) say(`kept ${options.out}/${path}: ${reason}`);
  if (options.check === true) {
    for (const path of done.drift) say(`drift ${options.out}/${path}`);
    const state = done.drift.length === 0 ? 'up to date' : 'not up to date: run `pipegen build`';
    say(`${options.out}: ${plural(files.length, 'file')}, ${state}`);
    return done.drift.length === 0 ? 0 : 1;
  }
  for (const path of done.written) say(`wrote ${options.out}/${path}`);
  for (const path of done.removed) say(`removed ${options.out}/${path}`);
  say(
    `${plural(dags.length, 'DAG')}: ${done.written.length} written, ${done.unchanged.length} unchanged, ${done.removed.length} removed`,
  );
  return done.refused.length === 0 ? 0 : 1;
}
