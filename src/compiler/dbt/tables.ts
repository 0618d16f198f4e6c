import type { ResolvedPipeline, ResolvedSpec } from '../resolved.ts';
import type { DbtProject } from './project/project.ts';

/** The tables that any pipeline loads in any environment: those of the generated source. */
export function tablesOf(spec: ResolvedSpec): string[] {
  const tables = spec.environments.flatMap(({ pipelines }) =>
    pipelines.flatMap(({ settings: { load } }) => load?.table ?? []),
  );
  return [...new Set(tables)].sort();
}

/** Each project once, with the first pipeline that names it. */
export function projectsIn(spec: ResolvedSpec): Map<ResolvedPipeline, DbtProject> {
  const first = new Map<string, ResolvedPipeline>();
  for (const { pipelines } of spec.environments) {
    for (const pipeline of pipelines) {
      const { dbt } = pipeline.settings;
      if (dbt === undefined || !('project' in dbt) || first.has(dbt.project)) continue;
      first.set(dbt.project, pipeline);
    }
  }
  return new Map(
    [...first].flatMap(([folder, pipeline]) => {
      const project = spec.dbtProjects?.get(folder);
      return project === undefined ? [] : [[pipeline, project] as const];
    }),
  );
}
