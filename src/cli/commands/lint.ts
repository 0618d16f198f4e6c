import type { Command } from 'commander';
import { hasErrors } from '../../compiler/compile.ts';
import { checkSpec } from '../check-spec.ts';
import { plural } from '../print.ts';
import { findProject } from '../project.ts';

export function addLint(program: Command, end: (code: number) => void): void {
  program
    .command('lint')
    .description('say all that is wrong with the spec, in one pass')
    .action((_, command: Command) => {
      const project = findProject(command.optsWithGlobals<{ file?: string }>().file);
      const { spec, findings } = checkSpec(project);
      if (spec !== undefined && findings.length === 0) {
        const pipelines = plural(spec.pipelineNames.length, 'pipeline');
        const environments = plural(spec.environments.length, 'environment');
        process.stdout.write(`${project.file}: ${pipelines} in ${environments}, nothing to say\n`);
      }
      end(hasErrors(findings) ? 1 : 0);
    });
}
