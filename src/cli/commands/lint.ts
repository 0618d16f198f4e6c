import { type Command, Option } from 'commander';
import { fixSpec } from '../findings/fix.ts';
import { look } from '../findings/look.ts';
import { report } from '../findings/report.ts';
import { addReportOptions, type ReportOptions } from '../findings/report-options.ts';
import { plural } from '../print.ts';
import { findProject, type Project } from '../project.ts';

interface Options extends ReportOptions {
  file?: string;
  fix?: boolean;
}

export function addLint(program: Command, end: (code: number) => void): void {
  addReportOptions(program.command('lint'))
    .description('say all that is wrong with the spec, in one pass')
    .addOption(new Option('--fix', 'make the safe fixes in its files first, and say which'))
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const project = findProject(options.file);
      const isFixed = options.fix !== true || fix(project);
      const isClean = await lint(project, options);
      end(isFixed && isClean ? 0 : 1);
    });
}

async function lint(project: Project, options: Options): Promise<boolean> {
  const { findings, textOf, size } = look(project);
  const clean =
    size === undefined
      ? ''
      : `${project.file}: ${plural(size.pipelines, 'pipeline')} in ${plural(size.environments, 'environment')}, nothing to say\n`;
  return report(findings, textOf, options, clean);
}

/** @returns whether every file that has a safe fix could be written */
function fix(project: Project): boolean {
  const { fixed, refused } = fixSpec(project);
  for (const line of fixed) process.stderr.write(`fixed ${line}\n`);
  for (const { file, reason } of refused) process.stderr.write(`not fixed ${file}: ${reason}\n`);
  return refused.length === 0;
}
