import type { Environment } from '../spec/environment.ts';
import { textsOfExtract } from '../spec/extract.ts';
import { authSecrets, withAuthSecrets } from '../spec/snowflake.ts';
import { type Source, secretsIn, textsIn, withTexts } from '../spec/source.ts';
import { placeholders, substitute } from '../spec/template.ts';
import { suggest } from './did-you-mean.ts';
import type { Finding } from './finding.ts';
import { type Layers, type Origin, originIn } from './layers.ts';
import type { ResolvedEnvironment, ResolvedPipeline, ResolvedSpec } from './resolved.ts';
import type { Path } from './source-file.ts';
import type { Located } from './validate.ts';

/** References: what a name stands for, in every environment. */
export function resolve(located: Located): { value: ResolvedSpec; findings: Finding[] } {
  const findings: Finding[] = [];
  const { source, policy, secrets, pipelineNames } = located;
  const missing = (
    name: string,
    message: string,
    layers: Layers,
    path: Path,
    word: string,
    known: readonly string[],
  ) => {
    const help = suggest(word, known);
    const origin = originIn(source, layers, path);
    findings.push({ name, severity: 'error', message, ...origin, ...(help === undefined ? {} : { help }) });
  };

  const sources = new Map<string, Source>();
  for (const [name, one] of located.sources) {
    const places = secretsIn(one);
    const unknown = places.filter(({ text }) => !Object.hasOwn(secrets, text));
    for (const { path, text } of unknown) {
      const message = `there is no secret "${text}"`;
      missing('unknown-secret', message, [['sources', name]], path, text, Object.keys(secrets));
    }
    if (unknown.length === 0) {
      sources.set(
        name,
        withTexts(one, places, (text) => secrets[text]),
      );
    }
  }

  const lacks = new Map<string, Lack>();
  const environments = located.environments.map((environment): ResolvedEnvironment => {
    const settings = resolveEnvironment(environment, secrets, (path, secret) =>
      missing(
        'unknown-secret',
        `there is no secret "${secret}"`,
        environment.layers,
        path,
        secret,
        Object.keys(secrets),
      ),
    );
    const pipelines = environment.pipelines.flatMap((written): ResolvedPipeline[] => {
      const pipeline = resolvePeppers(written, secrets, (path, secret) =>
        missing(
          'unknown-secret',
          `there is no secret "${secret}"`,
          written.layers,
          path,
          secret,
          Object.keys(secrets),
        ),
      );
      const { extract } = pipeline.settings;
      if (extract === undefined) return [pipeline];
      const extractSource = sources.get(extract.source);
      if (extractSource === undefined) {
        if (!located.sourceNames.includes(extract.source)) {
          const message = `there is no source "${extract.source}"`;
          const path = ['extract', 'source'];
          missing('unknown-source', message, pipeline.layers, path, extract.source, located.sourceNames);
        }
        return [];
      }
      const sourceLayers: Layers = [['sources', extract.source]];
      const texts: [Layers, Path, string][] = [
        ...textsIn(extractSource).map(({ path, text }): [Layers, Path, string] => [sourceLayers, path, text]),
        ...textsOfExtract(extract).map(({ path, text }): [Layers, Path, string] => [
          pipeline.layers,
          ['extract', ...path],
          text,
        ]),
      ];
      for (const [layers, path, text] of texts) {
        for (const variable of variablesOf(text)) {
          if (Object.hasOwn(settings.variables, variable)) continue;
          const origin = originIn(source, layers, path);
          const key = JSON.stringify([variable, origin]);
          const lack = lacks.get(key) ?? { variable, origin, among: new Map() };
          lack.among.set(environment.name, Object.keys(settings.variables));
          lacks.set(key, lack);
        }
      }
      return [fillIn({ ...pipeline, extractSource }, settings)];
    });
    return { ...environment, settings, pipelines };
  });
  for (const lack of lacks.values()) findings.push(lackOf(lack, environments.length));
  return { value: { source, policy, secrets, pipelineNames, environments }, findings };
}

/** A variable that a text names, and the environments without it: the names of those that each has. */
interface Lack {
  variable: string;
  origin: Origin;
  among: Map<string, readonly string[]>;
}

/** One mistake, said once, however many environments read the text. */
function lackOf({ variable, origin, among }: Lack, environments: number): Finding {
  const names = [...among.keys()].map((name) => `"${name}"`);
  const message =
    names.length === 1
      ? `the environment ${names} has no variable "${variable}"`
      : names.length === environments
        ? `no environment has a variable "${variable}"`
        : `the environments ${names.slice(0, -1).join(', ')} and ${names.at(-1)} have no variable "${variable}"`;
  const help = suggest(variable, [...new Set([...among.values()].flat())]);
  return {
    name: 'unknown-variable',
    severity: 'error',
    message,
    ...origin,
    ...(help === undefined ? {} : { help }),
  };
}

function variablesOf(text: string): string[] {
  return placeholders(text)
    .filter(({ expression }) => expression.startsWith('variables.'))
    .map(({ expression }) => expression.slice('variables.'.length));
}

/** Masks hold the name of a secret; the job holds that of its environment variable. */
function resolvePeppers(
  pipeline: ResolvedPipeline,
  secrets: Readonly<Record<string, string>>,
  unknown: (path: Path, secret: string) => void,
): ResolvedPipeline {
  const { columns } = pipeline.settings;
  if (columns === undefined) return pipeline;
  const resolved = Object.entries(columns).map(([name, column]) => {
    if (column.mask?.kind !== 'hash') return [name, column] as const;
    const { pepper } = column.mask;
    if (!Object.hasOwn(secrets, pepper)) unknown(['columns', name, 'mask', 'pepper'], pepper);
    return [name, { ...column, mask: { ...column.mask, pepper: secrets[pepper] ?? pepper } }] as const;
  });
  return { ...pipeline, settings: { ...pipeline.settings, columns: Object.fromEntries(resolved) } };
}

function resolveEnvironment(
  { settings }: ResolvedEnvironment,
  secrets: Readonly<Record<string, string>>,
  unknown: (path: Path, secret: string) => void,
): Environment {
  const { launcher, warehouse } = settings;
  if (launcher.kind === 'kubernetes') {
    for (const secret of Object.keys(launcher.secrets)) {
      if (!Object.hasOwn(secrets, secret)) unknown(['launcher', 'secrets', secret], secret);
    }
  }
  if (warehouse.kind !== 'snowflake' || warehouse.auth === undefined) return settings;
  for (const { field, name } of authSecrets(warehouse.auth)) {
    if (!Object.hasOwn(secrets, name)) unknown(['warehouse', 'auth', field], name);
  }
  const auth = withAuthSecrets(warehouse.auth, (name) => secrets[name] ?? name);
  return { ...settings, warehouse: { ...warehouse, auth } };
}

/** Variables are filled in at build, but for the process launcher, where the process may say otherwise. */
function fillIn(pipeline: ResolvedPipeline, settings: Environment): ResolvedPipeline {
  const { extract } = pipeline.settings;
  const { extractSource } = pipeline;
  if (extract === undefined || extractSource === undefined || settings.launcher.kind === 'process')
    return pipeline;
  const fill = (text: string) =>
    substitute(text, (expression) =>
      expression.startsWith('variables.')
        ? settings.variables[expression.slice('variables.'.length)]
        : undefined,
    );
  return {
    ...pipeline,
    settings: { ...pipeline.settings, extract: withTexts(extract, textsOfExtract(extract), fill) },
    extractSource: withTexts(extractSource, textsIn(extractSource), fill),
  };
}
