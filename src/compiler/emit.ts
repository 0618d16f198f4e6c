import type { DagDefinition, GeneratedFile } from './dag.ts';
import { definitionsFile } from './definitions.ts';
import { LINE_LENGTH } from './python/python.ts';
import { requirementsFile } from './requirements/requirements.ts';
import { snowflakeFiles } from './snowflake/snowflake-files.ts';
import { MARK } from './targets/documentation.ts';
import { dagModule } from './targets/module.ts';
import { targetOf } from './targets/targets.ts';
import { dagFile } from './templates/dag-file.ts';

/** The form that our Python has, for people who run ruff over their whole repository. */
const RUFF: GeneratedFile = {
  path: 'ruff.toml',
  // `src` is empty so that an environment called "airflow" is not taken for the package.
  content: `# ${MARK}: ruff leaves the DAG files below as they were written. Do not edit.
line-length = ${LINE_LENGTH}
src = []

[lint]
select = ["F", "E9", "I"]
`,
};

/**
 * `<environment>/dags/<dagId>.py` for each DAG, beside them what an environment needs and what its DAGs are, and what
 * ruff needs to know; sorted by path.
 */
export function emit(dags: readonly DagDefinition[]): GeneratedFile[] {
  const environments = Map.groupBy(dags, ({ environment }) => environment);
  const files = [...environments].flatMap(([environment, members]) => {
    const modules = members.map((dag) => ({ dag, module: dagModule(dag, targetOf(dag)) }));
    return [
      ...modules.map(({ dag, module }) => ({
        path: `${environment}/dags/${dag.dagId}.py`,
        content: dagFile(module),
      })),
      definitionsFile(environment, members),
      requirementsFile(
        members,
        modules.map(({ module }) => module.imports),
      ),
      ...snowflakeFiles(members),
    ];
  });
  return [...files, RUFF].sort((a, b) => (a.path < b.path ? -1 : 1));
}
