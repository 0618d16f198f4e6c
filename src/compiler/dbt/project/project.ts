/** A file of a dbt project that dbt would build or test. */
export interface DbtModel {
  /** The word of dbt_project.yml for what it is: models, seeds, snapshots or data_tests. */
  readonly kind: string;
  readonly name: string;
  /** Relative to the project. */
  readonly path: string;
  /** Project, folders, name. */
  readonly fqn: readonly string[];
  readonly tags: readonly string[];
  /** Whether it has tags that only Jinja knows. */
  readonly openTags: boolean;
  /** Names of what it reads by `ref`. */
  readonly refs: readonly string[];
  readonly sources: readonly { readonly source: string; readonly table: string; readonly line: number }[];
}

/** What the files of a dbt project say by themselves. */
export interface DbtProject {
  /** Relative to the spec. */
  readonly folder: string;
  readonly name: string;
  readonly nodes: readonly DbtModel[];
  /** Names of models that some test looks at. */
  readonly tested: ReadonlySet<string>;
  /** The sources that the project itself declares: name → tables. */
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether it reads the source that a build generates. */
  readonly readsGenerated: boolean;
  /** Whether there are tags that only dbt knows. */
  readonly openTags: boolean;
  /** Whether packages bring more than these files. */
  readonly hasPackages: boolean;
}

/** Tags of `config(tags=…)`; undefined where they are not written out. */
export function literalTags(sql: string): readonly string[] | undefined {
  const written = /\btags\s*=\s*(\[[^\]]*\]|'[^']*'|"[^"]*"|[^,)\s]+)/.exec(sql)?.[1];
  if (written === undefined) return [];
  const texts = [...written.matchAll(/'([^']*)'|"([^"]*)"/g)];
  const rest = written.replace(/'[^']*'|"[^"]*"|[[\],\s]/g, '');
  return rest === '' ? texts.map(([, single, double]) => single ?? double ?? '') : undefined;
}
