import type { DbtProject } from './project.ts';

/** What a part of a selector looks for; undefined where only dbt can tell. */
export interface Selection {
  /** As the user wrote it. */
  readonly part: string;
  /** What there is to choose from, for a suggestion. */
  readonly known: readonly string[];
  readonly found: boolean;
}

/**
 * The parts of `dbt build --select` that the files of the project can answer: model names and paths of folders (fqn),
 * `tag:`, `path:`, `file:` and `source:`, with `*`, `+`, numbers and `@` around them, united by spaces and intersected by
 * commas. Every other method is left to dbt; see https://docs.getdbt.com/reference/node-selection/methods.
 * @param generated tables of the generated source `raw`
 */
export function selections(
  select: string,
  project: DbtProject,
  generated: readonly string[],
): readonly Selection[] {
  return select
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .flatMap((part) => selectionOf(part, project, generated) ?? []);
}

function selectionOf(part: string, project: DbtProject, generated: readonly string[]): Selection | undefined {
  const bare = part.replace(/^@|^[0-9]*\+/, '').replace(/\+[0-9]*$/, '');
  if (bare === '' || bare.includes('{')) return undefined;
  const [, method, value = ''] = /^([a-z_.]+):(.*)$/.exec(bare) ?? [undefined, methodOf(bare), bare];
  const { nodes } = project;
  const choose = (known: readonly string[], matches: (one: string) => boolean): Selection => ({
    part,
    known: [...new Set(known)].sort(),
    found: known.some(matches),
  });
  const pattern = wildcard(value);
  switch (method) {
    case 'tag':
      if (project.openTags || project.hasPackages) return undefined;
      return choose(
        nodes.flatMap(({ tags }) => tags),
        (tag) => pattern.test(tag),
      );
    case 'path': {
      const path = value.replace(/^\.\//, '').replace(/\/+$/, '');
      const inside = wildcard(path);
      return choose(
        nodes.map((one) => one.path),
        (one) => one.split('/').some((_, index, all) => inside.test(all.slice(0, index + 1).join('/'))),
      );
    }
    case 'file':
      return choose(
        nodes.map(({ path }) => path.split('/').at(-1) ?? ''),
        (file) => pattern.test(file) || pattern.test(file.replace(/\.[^.]+$/, '')),
      );
    case 'source': {
      if (project.hasPackages) return undefined;
      const declared = [...project.sources].flatMap(([name, tables]) =>
        [...tables].map((table) => `${name}.${table}`),
      );
      const all = [...declared, ...(project.readsGenerated ? generated.map((table) => `raw.${table}`) : [])];
      const table = value.split('.').slice(-2).join('.');
      return choose(all, (one) => wildcard(table).test(one) || wildcard(value).test(one.split('.')[0] ?? ''));
    }
    case 'fqn':
      if (project.hasPackages) return undefined;
      return {
        ...choose(
          nodes.filter(({ kind }) => kind !== 'data_tests').map(({ name }) => name),
          () => false,
        ),
        found: nodes.some(({ fqn }) => isInside(fqn, value) || isInside(fqn.slice(1), value)),
      };
    default:
      return undefined;
  }
}

/** What dbt takes a selector without a method for. */
function methodOf(bare: string): string {
  if (bare.includes('/')) return 'path';
  return /\.(sql|py|csv|ya?ml)$/.test(bare) ? 'file' : 'fqn';
}

/** The name itself, or a way into the folders that leads to it. */
function isInside(fqn: readonly string[], value: string): boolean {
  if (wildcard(value).test(fqn.at(-1) ?? '')) return true;
  const wanted = value.split('.');
  return wanted.length <= fqn.length && wanted.every((one, index) => wildcard(one).test(fqn[index] ?? ''));
}

/** As in a shell: `*`, `?` and `[…]`. */
function wildcard(text: string): RegExp {
  const source = text
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return /^\b$/;
  }
}
