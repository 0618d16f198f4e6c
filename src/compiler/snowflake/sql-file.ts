import { snowflakeIdentifier } from '../../warehouse-tables/snowflake.ts';
import type { GeneratedFile } from '../dag.ts';
import { MARK } from '../targets/documentation.ts';
import type { SnowflakeSetup } from './setup.ts';

/** One file of the set-up: what one of Snowflake's roles has to do, in one go. */
export interface SqlFile {
  /** What stands behind the number in its name: `roles`. */
  readonly name: string;
  /** In one line, for the header: what it makes. */
  readonly makes: string;
  /** The role that runs it. */
  readonly role: string;
  /** Why this role and no other; and what to do by hand. Lines without `--`. */
  readonly notes: readonly string[];
  /** Without the semicolon. Each may be run again and changes nothing then. */
  readonly statements: readonly string[];
}

/** `DATABASE.SCHEMA.TABLE`, each of them quoted. */
export function qualified(...names: readonly string[]): string {
  return names.map(snowflakeIdentifier).join('.');
}

/** @param place from 1, among `count` files */
export function printSqlFile(
  setup: SnowflakeSetup,
  file: SqlFile,
  place: number,
  count: number,
): GeneratedFile {
  const { environment, specFile } = setup;
  const header = [
    `${MARK} from ${specFile}. Do not edit: change the spec and run \`npx pipegen build\`.`,
    `File ${place} of ${count} for the environment ${environment}: ${file.makes}.`,
    `Run it in the role ${file.role.toUpperCase()}. Running it again changes nothing.`,
    ...file.notes,
  ].map((line) => `-- ${plain(line)}`.trimEnd());
  const statements = [`USE ROLE ${snowflakeIdentifier(file.role)}`, ...file.statements];
  const content = `${header.join('\n')}\n\n${statements.map((one) => `${one};\n`).join('\n')}`;
  return { path: `${environment}/snowflake/${place}-${file.name}.sql`, content };
}

/** A name of the spec may hold anything; what would end the comment is shown as ?. */
function plain(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}
