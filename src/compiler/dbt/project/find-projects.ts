import type { ResolvedSpec } from '../../resolved.ts';
import { type ProjectFiles, readProject } from './read-project.ts';

/** The dbt projects that the pipelines name, each read once. */
export function findProjects(spec: ResolvedSpec, files: ProjectFiles): ResolvedSpec {
  const folders = new Set(
    spec.environments.flatMap(({ pipelines }) =>
      pipelines.flatMap(({ settings: { dbt } }) =>
        dbt !== undefined && 'project' in dbt ? [dbt.project] : [],
      ),
    ),
  );
  const projects = [...folders].flatMap((folder) => {
    const project = readProject(folder, files);
    return project === undefined ? [] : [[folder, project] as const];
  });
  return { ...spec, dbtProjects: new Map(projects) };
}
