/**
 * What lint rules of a project are written against, as `pipegen/rules`: the shape of a rule, the spec that it looks at,
 * and the test of its examples.
 */

import type { ResolvedSpec } from '../compiler/resolved.ts';
import { pipelinesOf as every, isWritten as isWrittenIn } from '../compiler/rules/rule.ts';
import type { Environment as EnvironmentSettings } from '../spec/environment.ts';
import type { Pipeline as PipelineSettings } from '../spec/pipeline.ts';
import type { Policy } from '../spec/policy.ts';
import type { Source } from '../spec/source.ts';

export { checkExamples } from './check-examples.ts';

/** Steps in a spec, such as `['load', 'table']` or `['checks', 0]`. */
export type Path = readonly PropertyKey[];

/** The places that a merged value comes from; a report takes them as they are. */
export type Layers = readonly Path[];

/** A spec without errors of shape: defaults, overrides and what environments extend are merged. It can’t be changed. */
export interface Spec {
  readonly environments: readonly Environment[];
  /** Every pipeline that the spec names, also those with errors. */
  readonly pipelineNames: readonly string[];
  /** Name of a secret: the environment variable that holds it. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly policy: Policy;
}

export interface Environment {
  readonly name: string;
  /** As docs/language.md has it, defaults filled in. */
  readonly settings: EnvironmentSettings;
  readonly layers: Layers;
  /** Those without errors. */
  readonly pipelines: readonly Pipeline[];
}

export interface Pipeline {
  readonly name: string;
  /** As docs/language.md has it, defaults filled in and overrides of the environment laid over. */
  readonly settings: PipelineSettings;
  /** The source that `extract` names. */
  readonly extractSource?: Source;
  readonly layers: Layers;
}

/** Where in the spec something stands: the deepest part of the path that is written. */
export interface Spot {
  /** Those of the pipeline or environment; `[['sources', 'api']]` for what stands elsewhere. */
  readonly layers: Layers;
  readonly path: Path;
  /** The key rather than the value. */
  readonly want?: 'key' | 'value' | undefined;
}

export type Report = (
  finding: Spot & {
    /** What is wrong; why it matters is the rule’s. */
    readonly message: string;
    /** What to write instead. */
    readonly help?: string | undefined;
    /** Another place that belongs to it. */
    readonly label?: (Spot & { readonly text: string }) | undefined;
  },
) => void;

/** A lint rule: the default export of a file that `rules` of the spec names. */
export interface Rule {
  /** Reads after “allow …”; words in lower case with `-` between them. Findings and silences are known by it. */
  readonly name: string;
  readonly severity: 'error' | 'warning';
  readonly category: 'security' | 'correctness' | 'efficiency' | 'practice';
  /** What goes wrong otherwise, for a person who meets the finding for the first time. */
  readonly why: string;
  /** YAML in which the rule finds something, and in which nothing is found: laid over a sound spec, or a whole one. */
  readonly bad: string;
  readonly good: string;
  /** Reports all before it returns. The same finding in two environments is said once. */
  check(spec: Spec, report: Report): void;
}

/** Every pipeline in every environment. */
export function pipelinesOf(
  spec: Spec,
): Generator<{ readonly environment: Environment; readonly pipeline: Pipeline }> {
  return every(wholeOf(spec));
}

/** Whether a person wrote the value, rather than that it is a default of the language. */
export function isWritten(spec: Spec, layers: Layers, path: Path): boolean {
  return isWrittenIn(wholeOf(spec), layers, path);
}

/** The compiler hands its own spec to a check, which may see less of it: what it does not see may become another. */
function wholeOf(spec: Spec): ResolvedSpec {
  return spec as ResolvedSpec;
}
