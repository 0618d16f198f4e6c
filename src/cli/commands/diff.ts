import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { compile, hasErrors } from '../../compiler/compile.ts';
import { suggest } from '../../compiler/did-you-mean.ts';
import type { Finding } from '../../compiler/finding.ts';
import { pretty } from '../../compiler/reporters/pretty.ts';
import { compareWithDisk } from '../diff/compare-with-disk.ts';
import { jsonDiff } from '../diff/json.ts';
import { markdownDiff } from '../diff/markdown.ts';
import { prettyDiff } from '../diff/pretty.ts';
import { openProject } from '../open-project.ts';
import { printFindings, type Texts, wantsColor } from '../print.ts';
import { findProject, isFinding } from '../project.ts';
import { UsageError } from '../usage-error.ts';

const FORMATS = ['pretty', 'json', 'markdown'] as const;

interface Options {
  file?: string;
  env?: string;
  out: string;
  image?: string;
  format: (typeof FORMATS)[number];
  exitCode?: boolean;
}

export function addDiff(program: Command, end: (code: number) => void): void {
  program
    .command('diff')
    .description('what a build would change, per DAG, and what that means')
    .option('--env <name>', 'only this environment')
    .option('--out <folder>', 'what to compare with, relative to the spec', 'generated')
    .option('--image <reference>', 'image of the pods, instead of repository and digest of the spec')
    .addOption(new Option('--format <name>', 'how to say it').choices(FORMATS).default('pretty'))
    .option('--exit-code', 'end with 1 when a build would change a DAG')
    .action(async (_, command: Command) => end(await diff(command.optsWithGlobals<Options>())));
}

async function diff(options: Options): Promise<number> {
  const project = findProject(options.file);
  const input = await openProject(project);
  if (isFinding(input)) {
    say([input], new Map(), options.format);
    return 1;
  }
  const compiled = compile({ ...input, environment: options.env, image: options.image });
  const { spec, findings, texts } = compiled;
  say(findings, texts, options.format);
  if (hasErrors(findings) || spec === undefined) return 1;
  const known = spec.environments.map(({ name }) => name);
  if (options.env !== undefined && !known.includes(options.env)) {
    throw new UsageError(`there is no environment "${options.env}": ${suggest(options.env, known) ?? ''}`);
  }
  const folder = resolve(project.home, options.out);
  const environments = compareWithDisk({ ...compiled, spec }, folder, options.env);
  process.stdout.write(
    {
      pretty: () => prettyDiff(environments, wantsColor(process.stdout)),
      json: () => jsonDiff(environments),
      markdown: () => markdownDiff(environments),
    }[options.format](),
  );
  const changed = environments.some(({ dags }) => dags.some(({ status }) => status !== 'unchanged'));
  return options.exitCode === true && changed ? 1 : 0;
}

function say(findings: readonly Finding[], texts: Texts, format: Options['format']): void {
  if (format === 'pretty') {
    printFindings(findings, texts);
  } else if (findings.length > 0) {
    // A document is on stdout and nothing else.
    process.stderr.write(`${pretty(findings, (file) => texts.get(file), wantsColor(process.stderr))}\n`);
  }
}
