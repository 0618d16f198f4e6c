/** A file that `rules` names, as whoever can load it has found it. */
export interface RuleFile {
  /** From the folder of the spec, with `/`. */
  readonly path: string;
  readonly loaded: { readonly exported: unknown } | { readonly problem: string; readonly help: string };
}

/** The files that each pattern names, in the order of their paths. */
export type RuleFiles = ReadonlyMap<string, readonly RuleFile[]>;

/** Tests of rules and declarations stand beside them and are none. */
export function isRuleFile(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path) && !/\.(test|spec|d)\.[cm]?[jt]s$/.test(path);
}
