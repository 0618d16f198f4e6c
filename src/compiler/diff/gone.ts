import { at } from '../layers.ts';
import { lineageOf } from '../lineage.ts';
import type { ResolvedEnvironment, ResolvedSpec } from '../resolved.ts';

/** The DAGs of the last build that the spec has no pipeline for, and that none of its pipelines was called. */
export function goneFrom(spec: ResolvedSpec): { environment: ResolvedEnvironment; id: string }[] {
  return spec.environments.flatMap((environment) => {
    const former = environment.pipelines.map(({ settings }) => settings.renamed_from);
    const ids = [...(spec.previous?.get(environment.name)?.dags.keys() ?? [])];
    return ids
      .filter((id) => !spec.pipelineNames.includes(id) && !former.includes(id))
      .map((id) => ({ environment, id }));
  });
}

/** The new pipeline that loads what the one that is gone loaded, or reads what it read, where there is just one. */
export function heirOf(spec: ResolvedSpec, environment: ResolvedEnvironment, id: string): string | undefined {
  const dags = spec.previous?.get(environment.name)?.dags;
  const before = dags?.get(id)?.lineage;
  const heirs = environment.pipelines.filter((pipeline) => {
    if (dags?.has(pipeline.name) === true || pipeline.settings.renamed_from !== undefined) return false;
    const { table, source } = lineageOf(environment, pipeline);
    if (table !== undefined && table === at(before, ['table'])) return true;
    return (
      source !== undefined &&
      source.name === at(before, ['source', 'name']) &&
      source.path === at(before, ['source', 'path'])
    );
  });
  return heirs.length === 1 ? heirs[0]?.name : undefined;
}
