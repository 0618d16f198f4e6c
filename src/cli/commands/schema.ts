import { type Command, Option } from 'commander';
import { languageSchema } from '../../compiler/language/json-schema.ts';
import { languageReference } from '../../compiler/language/reference.ts';
import { withRuleNames } from '../../compiler/language/rule-names.ts';
import { withSharedSchemas } from '../../compiler/language/shared-schemas.ts';

const FORMATS = ['json', 'markdown'] as const;

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('the language that specs are written in: JSON Schema for editors, or the reference page')
    .addOption(new Option('--format <name>', 'how to say it').choices(FORMATS).default('json'))
    .action(({ format }: { format: (typeof FORMATS)[number] }) => {
      process.stdout.write(format === 'json' ? schemaText() : languageReference());
    });
}

/** The text of `schema/pipelines.schema.json`. */
export function schemaText(): string {
  return `${JSON.stringify(withSharedSchemas(withRuleNames(languageSchema())), undefined, 2)}\n`;
}
