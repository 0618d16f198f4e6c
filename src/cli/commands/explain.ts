import type { Command } from 'commander';
import { suggest } from '../../compiler/did-you-mean.ts';
import { EXPLANATIONS } from '../../compiler/explain/explanations.ts';
import { printExplanation, printNames } from '../../compiler/explain/print.ts';
import { UsageError } from '../usage-error.ts';

export function addExplain(program: Command): void {
  program
    .command('explain [name]')
    .description('say why something is found, and what to write instead; all names without one')
    .action((name: string | undefined) => {
      process.stdout.write(explain(name));
    });
}

function explain(name: string | undefined): string {
  if (name === undefined) return printNames(EXPLANATIONS.values());
  const explanation = EXPLANATIONS.get(name);
  if (explanation !== undefined) return printExplanation(explanation);
  const help = suggest(name, EXPLANATIONS.keys());
  const near = help?.startsWith('did you mean') === true ? help : '`pipegen explain` lists all';
  throw new UsageError(`nothing is called "${name}": ${near}`);
}
