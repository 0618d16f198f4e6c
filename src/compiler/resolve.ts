import type { Environment } from '../spec/environment.ts';
import type { Source } from '../spec/source.ts';
import { placeholders, substitute } from '../spec/template.ts';
import { suggest } from './did-you-mean.ts';
import type { Finding } from './finding.ts';
import { type Layers, locateIn } from './layers.ts';
import type { ResolvedEnvironment, ResolvedPipeline, ResolvedSpec } from './resolved.ts';
import type { Path } from './source-file.ts';
import type { Located } from './validate.ts';

/** References: what a name stands for, in every environment. */
export function resolve(located: Located): { value: ResolvedSpec; findings: Finding[] } {
  const findings: Finding[] = [];
  const { source, secrets, pipelineNames } = located;
  const missing = (
    name: string,
    message: string,
    layers: Layers,
    path: Path,
    word: string,
    known: readonly string[],
  ) => {
    const help = suggest(word, known);
    const place = locateIn(source, layers, path);
    findings.push({ name, severity: 'error', message, at: place, ...(help === undefined ? {} : { help }) });
  };

  const sources = new Map<string, Source>();
  for (const [name, one] of located.sources) {
    const secret = one.auth?.secret;
    if (one.auth === undefined || secret === undefined) sources.set(name, one);
    else if (Object.hasOwn(secrets, secret)) {
      sources.set(name, { ...one, auth: { ...one.auth, secret: secrets[secret] ?? secret } });
    } else {
      const message = `there is no secret "${secret}"`;
      const known = Object.keys(secrets);
      missing('unknown-secret', message, [['sources', name]], ['auth', 'secret'], secret, known);
    }
  }

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
    const pipelines = environment.pipelines.flatMap((pipeline): ResolvedPipeline[] => {
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
        [sourceLayers, ['base_url'], extractSource.base_url],
        [pipeline.layers, ['extract', 'path'], extract.path],
        ...Object.entries(extract.query).map(([key, value]): [Layers, Path, string] => [
          pipeline.layers,
          ['extract', 'query', key],
          value,
        ]),
      ];
      for (const [layers, path, text] of texts) {
        for (const variable of variablesOf(text)) {
          if (Object.hasOwn(settings.variables, variable)) continue;
          const known = Object.keys(settings.variables);
          const message = `the environment "${environment.name}" has no variable "${variable}"`;
          missing('unknown-variable', message, layers, path, variable, known);
        }
      }
      return [fillIn({ ...pipeline, extractSource }, settings)];
    });
    return { ...environment, settings, pipelines };
  });
  return { value: { source, secrets, pipelineNames, environments }, findings };
}

function variablesOf(text: string): string[] {
  return placeholders(text)
    .filter(({ expression }) => expression.startsWith('variables.'))
    .map(({ expression }) => expression.slice('variables.'.length));
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
  if (warehouse.kind !== 'snowflake' || warehouse.auth.kind !== 'key_pair') return settings;
  const variable = secrets[warehouse.auth.secret];
  if (variable !== undefined) {
    return { ...settings, warehouse: { ...warehouse, auth: { ...warehouse.auth, secret: variable } } };
  }
  unknown(['warehouse', 'auth', 'secret'], warehouse.auth.secret);
  return settings;
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
  const query = Object.fromEntries(Object.entries(extract.query).map(([key, value]) => [key, fill(value)]));
  return {
    ...pipeline,
    settings: { ...pipeline.settings, extract: { ...extract, path: fill(extract.path), query } },
    extractSource: { ...extractSource, base_url: fill(extractSource.base_url) },
  };
}
