import type { GeneratedFile } from '../../../src/compiler/dag.ts';

/** The statements of the set-up, in the order of running, as a person's tool would send them. */
export function statementsOf(files: readonly GeneratedFile[]): string[] {
  return files
    .filter(({ path }) => path.includes('/snowflake/'))
    .flatMap(({ content }) => content.replaceAll(/^--.*\n/gm, '').split(';\n'))
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
