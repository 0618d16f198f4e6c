import type { DagDefinition } from '../dag.ts';
import { setupOf } from '../snowflake/setup.ts';
import { sqlFiles } from '../snowflake/snowflake-files.ts';
import type { Section } from './requirements.ts';
import { commands, word } from './shell.ts';

/** The files that set the account up, in the order of running; no section where the warehouse is another. */
export function snowflake(dags: readonly DagDefinition[]): Section[] {
  const setup = setupOf(dags);
  if (setup === undefined) return [];
  const lines = sqlFiles(setup).map(
    ({ name, role }, index) => `snow sql --filename snowflake/${index + 1}-${name}.sql # as ${role}`,
  );
  const text = `What the files of \`snowflake/\` beside this page make, run in their order by whoever may take the role of
each. Their headers say what is left to do by hand; the last command says what is missing.

${commands([...lines, `npx pipegen doctor --env ${word(setup.environment)}`])}`;
  return [{ title: 'Snowflake', text }];
}
