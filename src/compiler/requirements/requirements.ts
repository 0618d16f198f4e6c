import type { DagDefinition, GeneratedFile } from '../dag.ts';
import { MARK } from '../targets/documentation.ts';
import { connections } from './connections.ts';
import { kubernetes } from './kubernetes.ts';
import { pools } from './pools.ts';
import { projectCode } from './project-code.ts';
import { packagesOf, TESTED_AIRFLOW, TESTED_PROVIDERS } from './providers.ts';
import { commands } from './shell.ts';
import { snowflake } from './snowflake.ts';
import { worker } from './worker.ts';

/** A heading and what stands below it, in Markdown. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/**
 * What must be there before the DAGs of an environment run, with the commands that create it. Holds names of
 * secrets, never a value.
 * @param members the DAGs of one environment, one at least
 * @param imports the import statements of their files
 */
export function requirementsFile(
  members: readonly DagDefinition[],
  imports: readonly string[],
): GeneratedFile {
  // By name, so that the order of the pipelines in the spec is of no effect.
  const dags = [...members].sort((a, b) => (a.dagId < b.dagId ? -1 : 1));
  const [first] = dags;
  if (first === undefined) throw new Error('an environment without DAGs needs nothing');
  const sections: Section[] = [
    packages(first, imports),
    connections(dags),
    { title: 'Variables', text: 'None: the DAGs read no variable of Airflow.' },
    pools(dags),
    ...(first.launcher.kind === 'kubernetes' ? kubernetes(dags) : [worker(dags)]),
    ...snowflake(dags),
    ...projectCode(dags),
  ];
  const head = `# What the DAGs of ${first.environment} need

${MARK} from ${inline(first.specFile)}. Do not edit: change the spec and run \`npx pipegen build\`.
What stands here has to be there before the DAGs are unpaused. The commands hold no secret: values come from you.
`;
  const body = sections.map(({ title, text }) => `\n## ${title}\n\n${text}\n`).join('');
  return { path: `${first.environment}/requirements.md`, content: head + body };
}

function packages({ airflow }: DagDefinition, imports: readonly string[]): Section {
  const { providers, foreign } = packagesOf(imports);
  const lines = [
    `Airflow ${airflow}; the DAGs were tested with ${TESTED_AIRFLOW[airflow]} and these providers:`,
  ];
  const versions = providers.map((name) => `${name}==${TESTED_PROVIDERS[name]}`);
  const text =
    versions.length === 0
      ? `Airflow ${airflow}; the DAGs were tested with ${TESTED_AIRFLOW[airflow]}. They import no provider.`
      : [...lines, '', commands([`pip install ${versions.join(' ')}`])].join('\n');
  const others = foreign.map((module) => `- \`${module}\``);
  const triggerer = imports.some((one) => /^from airflow\.sdk import [^)]*\bDeadlineAlert\b/m.test(one))
    ? '\n\nA triggerer runs (`airflow triggerer`): it tells of runs that are late.'
    : '';
  const more = others.length === 0 ? '' : `\n\nAnd what brings these modules:\n\n${others.join('\n')}`;
  return { title: 'Airflow and providers', text: text + more + triggerer };
}

/** The name of a file may hold anything. */
function inline(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\u2028\u2029`<>[\]*_&\\]/gu, '?');
}
