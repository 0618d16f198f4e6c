import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dbtSources } from '../../compiler/dbt/sources.ts';
import type { ResolvedEnvironment } from '../../compiler/resolved.ts';
import type { Step } from '../../spec/steps.ts';

/** The generated source for dbt as the spec is now, whether or not it has been built. */
export interface SourcesFolder extends AsyncDisposable {
  /** What tells the step dbt of it. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Nothing is written for a pipeline without dbt. */
export async function writeSources(
  environment: ResolvedEnvironment,
  steps: readonly Step[],
): Promise<SourcesFolder> {
  const [file] = steps.includes('dbt') ? dbtSources(environment, 'pipelines.yaml') : [];
  if (file === undefined) return { variables: {}, [Symbol.asyncDispose]: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'pipegen-sources-'));
  await writeFile(join(folder, 'sources.yml'), file.content);
  return {
    variables: { PIPEGEN_DBT_SOURCES: folder },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
