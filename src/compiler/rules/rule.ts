import type { StepSettings } from '../../spec/step-settings.ts';
import { STEPS, type Step } from '../../spec/steps.ts';
import { suggest } from '../did-you-mean.ts';
import { type Finding, idOf, type Place, sortFindings } from '../finding.ts';
import { at, type Layers, locateIn, originIn } from '../layers.ts';
import type { ResolvedEnvironment, ResolvedPipeline, ResolvedSpec } from '../resolved.ts';
import type { Path } from '../source-file.ts';

export type Category = 'security' | 'correctness' | 'efficiency' | 'practice';

/**
 * A lint rule: one file of this folder. `bad` and `good` are fragments of a spec, laid over a sound one; they are
 * the rule's test as well as its documentation.
 */
export interface Rule {
  /** What one would allow: reads after "allow …". */
  readonly name: string;
  readonly severity: Finding['severity'];
  readonly category: Category;
  /** What it finds would make a wrong DAG or end every run, so nobody can silence it. */
  readonly certain?: true;
  /** What goes wrong otherwise, for a person who meets the finding for the first time. */
  readonly why: string;
  readonly bad: string;
  readonly good: string;
  check(spec: ResolvedSpec, report: Report): void;
}

/** A place of the spec: the layers that a value may come from, and the path in them. */
export interface Spot {
  readonly layers: Layers;
  readonly path: Path;
  readonly want?: 'key' | 'value' | undefined;
}

export type Report = (
  finding: Spot & {
    readonly message: string;
    readonly help?: string | undefined;
    /** Another place that belongs to it, such as where it is asked for. */
    readonly label?: (Spot & { readonly text: string }) | undefined;
  },
) => void;

/** What a rule reports, as findings. */
export function applyRule(rule: Pick<Rule, 'name' | 'severity' | 'check'>, spec: ResolvedSpec): Finding[] {
  const findings: Finding[] = [];
  const own = new Map<string, { readonly at: Place; readonly text: string }>();
  rule.check(spec, ({ message, layers, path, want, help, label }) => {
    const origin = originIn(spec.source, layers, path, want);
    const base = { name: rule.name, severity: rule.severity, message, ...origin };
    const finding = help === undefined ? base : { ...base, help };
    findings.push(finding);
    if (label === undefined) return;
    const at = locateIn(spec.source, label.layers, label.path, label.want);
    own.set(idOf(finding), { at, text: label.text });
  });
  if (own.size === 0) return findings;
  // Only now, or the places by which a value came would be told apart by it.
  return sortFindings(findings).map((finding) => {
    const label = own.get(idOf(finding));
    return label === undefined ? finding : { ...finding, labels: [label, ...(finding.labels ?? [])] };
  });
}

/** Every pipeline in every environment; the same finding in two of them is reported once. */
export function* pipelinesOf(spec: ResolvedSpec): Generator<{
  environment: ResolvedEnvironment;
  pipeline: ResolvedPipeline;
}> {
  for (const environment of spec.environments) {
    for (const pipeline of environment.pipelines) yield { environment, pipeline };
  }
}

/**
 * The same where pods run it: what is run for others. The process launcher is a laptop's, where nobody is woken and
 * nothing is shared.
 */
export function* podPipelinesOf(spec: ResolvedSpec): ReturnType<typeof pipelinesOf> {
  for (const one of pipelinesOf(spec)) {
    if (one.environment.settings.launcher.kind === 'kubernetes') yield one;
  }
}

/** Whether a person wrote the value, rather than that it is a default of the language. */
export function isWritten(spec: ResolvedSpec, layers: Layers, path: Path): boolean {
  return layers.some((layer) => (at(spec.source.value, [...layer, ...path]) ?? null) !== null);
}

/** The label of what asks for something: a place in the policy. */
export function whatPolicySays(path: Path, text: string): Spot & { readonly text: string } {
  return { layers: [['policy']], path, text };
}

/** The steps that a pipeline says something of, and what. */
export function settingsOfSteps({ settings }: ResolvedPipeline): [Step, StepSettings][] {
  return STEPS.flatMap((step): [Step, StepSettings][] => {
    const own = settings.steps[step];
    return own === undefined ? [] : [[step, own]];
  });
}

export { suggest };
