import { parse } from 'yaml';
import { isMapping } from '../../layers.ts';
import { type DbtModel, type DbtProject, literalTags } from './project.ts';
import { readProperties } from './properties.ts';

/** What the reading needs of the disk; paths are relative to the spec. */
export interface ProjectFiles {
  /** Text of a file; undefined where there is none. */
  readText(path: string): string | undefined;
  /** Files below a folder, relative to it, with `/`; empty where there is none. */
  readFolder(path: string): readonly string[];
}

/**
 * What the files of a dbt project say by themselves, without dbt: names, tags, tests and sources that are written out.
 * Undefined where there is no project, or one that can't be read.
 */
export function readProject(folder: string, files: ProjectFiles): DbtProject | undefined {
  const text = files.readText(`${folder}/dbt_project.yml`);
  const settings = text === undefined ? undefined : yaml(text);
  if (text === undefined || !isMapping(settings) || typeof settings.name !== 'string') return undefined;
  const { name } = settings;
  const list = (key: string, paths: readonly string[], pattern: RegExp) =>
    paths.flatMap((path) =>
      files
        .readFolder(`${folder}/${path}`)
        .filter((file) => pattern.test(file))
        .map((file) => ({ key, path: `${path}/${file}`, parts: file.split('/') })),
    );
  const models = list('models', pathsOf(settings, 'model-paths', 'models'), /\.(sql|py)$/);
  const seeds = list('seeds', pathsOf(settings, 'seed-paths', 'seeds'), /\.csv$/);
  const snapshots = list('snapshots', pathsOf(settings, 'snapshot-paths', 'snapshots'), /\.sql$/);
  const tests = list('data_tests', pathsOf(settings, 'test-paths', 'tests'), /\.sql$/);
  const folders = [
    ...pathsOf(settings, 'model-paths', 'models'),
    ...pathsOf(settings, 'seed-paths', 'seeds'),
    ...pathsOf(settings, 'snapshot-paths', 'snapshots'),
  ];
  const properties = readProperties(
    folders
      .flatMap((path) => files.readFolder(`${folder}/${path}`).map((file) => `${path}/${file}`))
      .filter((file) => /\.ya?ml$/.test(file))
      .map((file) => yaml(files.readText(`${folder}/${file}`) ?? '')),
  );
  const nodes = [...models, ...seeds, ...snapshots, ...tests].map(({ key, path, parts }): DbtModel => {
    const sql = /\.csv$/.test(path) ? '' : (files.readText(`${folder}/${path}`) ?? '');
    const model = (parts.at(-1) ?? '').replace(/\.[^.]+$/, '');
    const own = literalTags(sql);
    return {
      kind: key,
      name: model,
      path,
      fqn: [name, ...parts.slice(0, -1), model],
      tags: [
        ...(own ?? []),
        ...(properties.tags.get(model) ?? []),
        ...folderTags(settings[key], [name, ...parts]),
      ],
      openTags: own === undefined,
      refs: [...withoutComments(sql).matchAll(/\bref\(\s*(['"])([^'"]+)\1\s*\)/g)].map(
        ([, , one = '']) => one,
      ),
      sources: sourcesIn(sql),
    };
  });
  const testedBySql = nodes.filter(({ kind }) => kind === 'data_tests').flatMap(({ refs }) => refs);
  return {
    folder,
    name,
    nodes,
    tested: new Set([...properties.tested, ...testedBySql]),
    sources: properties.sources,
    readsGenerated: text.includes('PIPEGEN_DBT_SOURCES'),
    openTags: nodes.some((one) => one.openTags) || properties.openTags || /tags:.*\{\{/.test(text),
    hasPackages: ['packages.yml', 'dependencies.yml'].some(
      (file) => files.readText(`${folder}/${file}`) !== undefined,
    ),
  };
}

/** Those without Jinja: what a variable makes of a path is not known here. */
function pathsOf(settings: Readonly<Record<string, unknown>>, key: string, built: string): string[] {
  const written = settings[key] ?? [built];
  return [written]
    .flat()
    .filter((path): path is string => typeof path === 'string' && !path.includes('{{'))
    .map((path) => path.replace(/\/+$/, ''));
}

/** `+tags` of dbt_project.yml, for a file by its folders. */
function folderTags(settings: unknown, parts: readonly string[]): string[] {
  if (!isMapping(settings)) return [];
  const own = [settings['+tags'] ?? []].flat().map(String);
  const [first, ...rest] = parts;
  return first === undefined ? own : [...own, ...folderTags(settings[first], rest)];
}

function sourcesIn(sql: string): DbtModel['sources'] {
  const bare = withoutComments(sql);
  return [...bare.matchAll(/\bsource\(\s*(['"])([^'"]+)\1\s*,\s*(['"])([^'"]+)\3\s*\)/g)].map((match) => ({
    source: match[2] ?? '',
    table: match[4] ?? '',
    line: bare.slice(0, match.index).split('\n').length,
  }));
}

/** Lines stay where they are. */
function withoutComments(sql: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  return sql.replace(/\{#[\s\S]*?#\}|\/\*[\s\S]*?\*\/|--[^\n]*/g, blank);
}

function yaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
