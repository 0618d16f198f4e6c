import { type Command, Option } from 'commander';
import type { Answer } from '../findings/answers.ts';
import { lintProject } from '../findings/lint-project.ts';
import { report } from '../findings/report.ts';
import { addReportOptions, type ReportOptions } from '../findings/report-options.ts';
import { watchProject } from '../findings/watch.ts';
import { plural } from '../print.ts';
import { findProject, type Project } from '../project.ts';

interface Options extends ReportOptions {
  file?: string;
  fix?: boolean;
  watch?: boolean;
}

export function addLint(program: Command, end: (code: number) => void): void {
  addReportOptions(program.command('lint'))
    .description('say all that is wrong with the spec, in one pass')
    .option('--fix', 'make the safe fixes in its files first, and say which')
    .addOption(new Option('--watch', 'again with each change of a file that the spec reads').conflicts('fix'))
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const project = findProject(options.file);
      if (options.watch === true) {
        await watchProject(project, async () => (await lint(project, options)).answers);
        return;
      }
      const isFixed = options.fix !== true || (await fix(project));
      const { isClean } = await lint(project, options);
      end(isFixed && isClean ? 0 : 1);
    });
}

async function lint(
  project: Project,
  options: Options,
): Promise<{ isClean: boolean; answers: readonly Answer[] }> {
  const { findings, textOf, size, rules, answers } = await lintProject(project);
  const clean =
    size === undefined
      ? ''
      : `${project.file}: ${plural(size.pipelines, 'pipeline')} in ${plural(size.environments, 'environment')}, nothing to say\n`;
  return { isClean: await report(findings, textOf, options, { clean, rules }), answers };
}

/** @returns whether every file that has a safe fix could be written */
async function fix(project: Project): Promise<boolean> {
  const { fixSpec } = await import('../findings/fix.ts');
  const { fixed, refused } = await fixSpec(project);
  for (const line of fixed) process.stderr.write(`fixed ${line}\n`);
  for (const { file, reason } of refused) process.stderr.write(`not fixed ${file}: ${reason}\n`);
  return refused.length === 0;
}
