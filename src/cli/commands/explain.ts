import type { Command } from 'commander';
import { customRules } from '../../compiler/custom-rules/custom-rules.ts';
import { ruleEntries } from '../../compiler/custom-rules/rule-entries.ts';
import { suggest } from '../../compiler/did-you-mean.ts';
import type { Explanation } from '../../compiler/explain/explanation.ts';
import { EXPLANATIONS } from '../../compiler/explain/explanations.ts';
import { printExplanation, printNames } from '../../compiler/explain/print.ts';
import { openProject } from '../open-project.ts';
import { findProject, isFinding } from '../project.ts';
import { UsageError } from '../usage-error.ts';

export function addExplain(program: Command): void {
  program
    .command('explain [name]')
    .description(
      'say why something is found, and what to write instead; all names without one, those of your own rules too',
    )
    .action(async (name: string | undefined, _, command: Command) => {
      const { file } = command.optsWithGlobals<{ file?: string }>();
      process.stdout.write(await explain(name, file));
    });
}

async function explain(name: string | undefined, file: string | undefined): Promise<string> {
  const ours = name === undefined ? undefined : EXPLANATIONS.get(name);
  if (ours !== undefined) return printExplanation(ours);
  const all = new Map([...EXPLANATIONS, ...(await rulesOfProject(file))]);
  if (name === undefined) return printNames(all.values());
  const explanation = all.get(name);
  if (explanation !== undefined) return printExplanation(explanation);
  const help = suggest(name, all.keys());
  const near = help?.startsWith('did you mean') === true ? help : '`pipegen explain` lists all';
  throw new UsageError(`nothing is called "${name}": ${near}`);
}

/** Those that can be used; what is wrong with the others, or with the spec, is said by lint. None without a spec. */
async function rulesOfProject(file: string | undefined): Promise<[string, Explanation][]> {
  const input = await projectIfAny(file);
  if (input === undefined) return [];
  const { rules } = customRules(ruleEntries(input.read.files), input.ruleFiles);
  return rules.map(({ rule }) => [rule.name, rule]);
}

async function projectIfAny(file: string | undefined) {
  try {
    const input = await openProject(findProject(file));
    return isFinding(input) ? undefined : input;
  } catch (error) {
    if (error instanceof UsageError && file === undefined) return undefined;
    throw error;
  }
}
