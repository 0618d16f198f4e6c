import { environment } from '../spec/environment.ts';
import { pipeline } from '../spec/pipeline.ts';
import { type Policy, soundPolicy } from '../spec/policy.ts';
import { type Source, source } from '../spec/source.ts';
import { spec } from '../spec/spec.ts';
import { suggest } from './did-you-mean.ts';
import type { Finding } from './finding.ts';
import { at, isMapping, type Layers, locateIn, merge } from './layers.ts';
import type { ResolvedEnvironment, ResolvedPipeline } from './resolved.ts';
import type { Path, SourceFile } from './source-file.ts';
import { wordOf, zodFindings } from './zod-findings.ts';

export interface Located {
  readonly source: SourceFile;
  /** Its parts without errors. */
  readonly policy: Policy;
  /** Name → environment variable. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The sources without errors. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Every source that the spec names, also those with errors. */
  readonly sourceNames: readonly string[];
  readonly pipelineNames: readonly string[];
  readonly environments: readonly ResolvedEnvironment[];
}

/**
 * Shape: every source, every environment with what it extends, every pipeline with its defaults and overrides, each
 * parsed by itself. What has errors is left out of the result; the findings say why.
 */
export function validate(file: SourceFile): { value?: Located; findings: Finding[] } {
  const findings: Finding[] = [];
  const raw = file.value;
  const whole = spec.safeParse(raw);
  if (!whole.success) findings.push(...zodFindings(file, [[]], spec, raw, whole.error.issues));
  if (!isMapping(raw)) return { findings };

  const sources = new Map<string, Source>();
  for (const [name, value] of mappings(raw.sources)) {
    const parsed = source.safeParse(value);
    if (parsed.success) sources.set(name, parsed.data);
    else findings.push(...zodFindings(file, [['sources', name]], source, value, parsed.error.issues));
  }
  const pipelines = mappings(raw.pipelines).map(([name]) => name);
  // By themselves first: an environment that has errors must not hide theirs.
  const alone = new Map(pipelines.map((name) => [name, validatePipeline(file, name, [], findings)]));
  const environments = mappings(raw.environments).flatMap(([name]) => {
    const layers = environmentLayers(file, name, findings);
    return layers === undefined ? [] : validateEnvironment(file, name, layers, alone, findings);
  });
  const secrets = Object.entries(mapping(raw.secrets)).filter((entry): entry is [string, string] => {
    return typeof entry[1] === 'string';
  });
  return {
    value: {
      source: file,
      policy: soundPolicy(mapping(raw.policy)),
      secrets: Object.fromEntries(secrets),
      sources,
      sourceNames: mappings(raw.sources).map(([name]) => name),
      pipelineNames: pipelines,
      environments,
    },
    findings,
  };
}

function validateEnvironment(
  file: SourceFile,
  name: string,
  layers: Layers,
  alone: ReadonlyMap<string, ResolvedPipeline | undefined>,
  findings: Finding[],
): ResolvedEnvironment[] {
  const pipelineNames = [...alone.keys()];
  const merged = mergeLayers(file.value, layers);
  if (isMapping(merged)) delete merged.extends;
  const parsed = environment.safeParse(merged);
  if (!parsed.success) {
    findings.push(...zodFindings(file, layers, environment, merged, parsed.error.issues));
    return [];
  }
  findings.push(...overrideFindings(file, layers, Object.keys(parsed.data.overrides), pipelineNames));
  const pipelines = pipelineNames.flatMap((one) => {
    // Most environments override nothing of most pipelines, which are then parsed once and not in each.
    const isOverridden = layers.some((layer) => at(file.value, [...layer, 'overrides', one]) !== undefined);
    return (isOverridden ? validatePipeline(file, one, layers, findings) : alone.get(one)) ?? [];
  });
  return [{ name, settings: parsed.data, layers, pipelines }];
}

/** The entries of a map that are maps themselves; of the others the whole spec's parse has spoken. */
function mappings(value: unknown): [string, Record<string, unknown>][] {
  return Object.entries(mapping(value)).filter((entry): entry is [string, Record<string, unknown>] =>
    isMapping(entry[1]),
  );
}

function mapping(value: unknown): Record<string, unknown> {
  return isMapping(value) ? value : {};
}

/** The environment itself first, then what it extends, and so on; undefined where that can't be followed. */
function environmentLayers(file: SourceFile, name: string, findings: Finding[]): Path[] | undefined {
  const layers: Path[] = [];
  const environments = mapping(mapping(file.value).environments);
  for (let current: string | undefined = name; current !== undefined; ) {
    layers.push(['environments', current]);
    const base: unknown = at(environments, [current, 'extends']);
    if (base === undefined) break;
    const place = locateIn(file, [['environments', current]], ['extends']);
    if (typeof base !== 'string' || !Object.hasOwn(environments, base)) {
      const help = suggest(wordOf(base), Object.keys(environments));
      findings.push({
        name: 'unknown-environment',
        severity: 'error',
        message: `there is no environment "${wordOf(base)}" to extend`,
        at: place,
        ...(help === undefined ? {} : { help }),
      });
      return undefined;
    }
    if (layers.some((layer) => layer[1] === base)) {
      findings.push({
        name: 'extends-cycle',
        severity: 'error',
        message: `"${base}" extends itself by way of "${current}"`,
        at: place,
        help: 'let one of them stand alone',
      });
      return undefined;
    }
    current = base;
  }
  return layers;
}

function mergeLayers(raw: unknown, layers: Layers): unknown {
  const values = [...layers].reverse().map((layer) => at(raw, layer) ?? {});
  return values.reduce<unknown>((base, over) => merge(base, over), {});
}

function validatePipeline(
  file: SourceFile,
  name: string,
  environmentLayer: Layers,
  findings: Finding[],
): ResolvedPipeline | undefined {
  const overrides = environmentLayer.map((layer) => [...layer, 'overrides', name]);
  const layers: Layers = [...overrides, ['pipelines', name], ['defaults']];
  const merged = mergeLayers(file.value, layers);
  const parsed = pipeline.safeParse(merged);
  if (parsed.success) return { name, settings: parsed.data, layers };
  // A key that is missing is looked for where the pipeline is written, not where an override touches it.
  const written: Layers = [['pipelines', name], ...overrides, ['defaults']];
  findings.push(...zodFindings(file, layers, pipeline, merged, parsed.error.issues, written));
  return undefined;
}

function overrideFindings(
  file: SourceFile,
  layers: Layers,
  overridden: readonly string[],
  pipelineNames: readonly string[],
): Finding[] {
  return overridden
    .filter((name) => !pipelineNames.includes(name))
    .map((name) => {
      const help = suggest(name, pipelineNames);
      return {
        name: 'unknown-pipeline',
        severity: 'error',
        message: `there is no pipeline "${name}" to override`,
        at: locateIn(file, layers, ['overrides', name], 'key'),
        ...(help === undefined ? {} : { help }),
      };
    });
}
