import type { DagDefinition, GeneratedFile } from './dag.ts';
import { printJob } from './job-text.ts';
import { MARK } from './targets/documentation.ts';

/** Name of the file in the folder of an environment. */
export const DEFINITIONS = 'definitions.json';

/** What the DAGs of an environment are, for `pipegen diff`: a build leaves it, the next one is compared with it. */
export function definitionsFile(environment: string, dags: readonly DagDefinition[]): GeneratedFile {
  const sorted = [...dags].sort((a, b) => (a.dagId < b.dagId ? -1 : 1));
  // One by one, so that the work grows with the number of DAGs and not with its square.
  const entries = sorted.map((dag) => {
    const text = printJob(structureOf(dag)).replaceAll('\n', '\n    ');
    return `    ${JSON.stringify(dag.dagId)}: ${text}`;
  });
  const content = `{
  "${MARK}": "Do not edit: pipegen diff compares the next build with it.",
  "version": 1,
  "environment": ${JSON.stringify(environment)},
  "dags": {
${entries.join(',\n')}
  }
}
`;
  return { path: `${environment}/${DEFINITIONS}`, content };
}

/** A definition as plain JSON, the job as what it says rather than as its text. */
export function structureOf(dag: DagDefinition): Readonly<Record<string, unknown>> {
  const { jobText, ...rest } = dag;
  return { ...rest, job: JSON.parse(jobText) };
}
