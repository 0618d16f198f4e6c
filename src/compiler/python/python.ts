declare const printed: unique symbol;

/** Text that is Python source: only the printers of this folder make it, and templates take nothing else. */
export type Python = string & { readonly [printed]: true };

/** Marks text as Python. For the printers, and for source that is written out in this compiler. */
export function python(source: string): Python {
  return source as Python;
}

/** Characters of a line of generated code; `ruff.toml` beside it says the same. */
export const LINE_LENGTH = 110;

/** What a piece of code needs from a module: `from <module> import <name> [as <alias>]`. */
export interface Import {
  readonly module: string;
  readonly name: string;
  readonly alias?: string;
}

/** Statements of a module, and what they need to be imported. */
export interface Fragment {
  readonly source: Python;
  readonly imports: readonly Import[];
}
