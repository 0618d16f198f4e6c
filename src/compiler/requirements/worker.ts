import type { DagDefinition } from '../dag.ts';
import type { Section } from './requirements.ts';
import { commands, distinct, word } from './shell.ts';

const DBT = '. The dbt project is in it, and the folder `dbt` beside this file, at the same place as here';

/** What the steps find in the environment of Airflow's worker, where they run as processes. */
export function worker(dags: readonly DagDefinition[]): Section {
  const started = distinct(
    dags.flatMap(({ launcher }) => (launcher.kind === 'process' ? [launcher.command] : [])),
  );
  const secrets = distinct(
    dags.flatMap(({ tasks }) => tasks.flatMap((task) => task.secrets.map(({ variable }) => variable))),
  );
  const variables = distinct(
    dags.flatMap(({ jobText }) => {
      const job = JSON.parse(jobText) as { variables?: Readonly<Record<string, string>> };
      return Object.keys(job.variables ?? {}).map((name) => `PIPEGEN_VAR_${name.toUpperCase()}`);
    }),
  );
  const runsDbt = dags.some(({ tasks }) =>
    tasks.some(({ step, dbtCloud }) => step === 'dbt' && dbtCloud === undefined),
  );
  const rows: (readonly [string, string])[] = [
    ['PIPEGEN_HOME', `the folder of the spec on the worker: relative paths begin there${runsDbt ? DBT : ''}`],
    ['PATH', `finds what starts a step: ${started.map(code).join(', ')}`],
    ...(runsDbt ? [['PIPEGEN_DBT', 'the command dbt, where `PATH` does not find it'] as const] : []),
    ...secrets.map((name) => [name, 'a secret'] as const),
    ...variables.map((name) => [name, 'only where the value of the spec is not the right one'] as const),
  ];
  const optional = new Set(['PATH', 'PIPEGEN_DBT', ...variables]);
  const exported = rows.filter(([name]) => !optional.has(name)).map(([name]) => `export ${word(name)}='…'`);
  const text = `Variables of the process that runs the tasks.

| variable | what it holds |
|---|---|
${rows.map(([name, meaning]) => `| \`${name}\` | ${meaning} |`).join('\n')}

${commands(exported)}`;
  return { title: 'Environment of the worker', text };
}

/** A command of the spec inside a cell of a table. */
function code(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}
