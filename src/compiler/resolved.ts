import type { Environment } from '../spec/environment.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import type { Policy } from '../spec/policy.ts';
import type { Source } from '../spec/source.ts';
import type { DbtProject } from './dbt/project/project.ts';
import type { Previous } from './diff/previous.ts';
import type { Layers } from './layers.ts';
import type { SourceFile } from './source-file.ts';

/** A spec with everything merged and filled in, and the way back to where each value was written. */
export interface ResolvedSpec {
  readonly source: SourceFile;
  readonly policy: Policy;
  /** Secret name → environment variable. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Every pipeline that the spec names, also those with errors. */
  readonly pipelineNames: readonly string[];
  readonly environments: readonly ResolvedEnvironment[];
  /** By folder: what the files of the dbt projects say. Without those that could not be read. */
  readonly dbtProjects?: ReadonlyMap<string, DbtProject>;
  /** By environment: what the last build left. Without those that nothing was built for. */
  readonly previous?: ReadonlyMap<string, Previous>;
}

export interface ResolvedEnvironment {
  readonly name: string;
  readonly settings: Environment;
  readonly layers: Layers;
  /** The ones without errors, in the order of the spec. */
  readonly pipelines: readonly ResolvedPipeline[];
}

export interface ResolvedPipeline {
  readonly name: string;
  readonly settings: Pipeline;
  /** The source that `extract` names, its secret replaced by the environment variable. */
  readonly extractSource?: Source;
  /** Files of its handlers: path in the project → hash. */
  readonly handlers?: Readonly<Record<string, string>>;
  readonly layers: Layers;
}
