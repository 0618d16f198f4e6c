import { resolve } from 'node:path';
import type { CompileInput } from '../../compiler/compile.ts';
import type { Finding } from '../../compiler/finding.ts';
import type { TextOf } from '../../compiler/reporters/pretty.ts';
import { isFinding, type Project, readProject } from '../project.ts';

/** What the compiler reads of a project, with a memory of what it was. */
export interface Reading {
  /** Or why there is none. */
  readonly input: Pick<CompileInput, 'file' | 'bytes' | 'readText'> | Finding;
  /** Absolute path → what was read so far; undefined where there was no file. */
  readonly touched: ReadonlyMap<string, string | undefined>;
  /** The text that a place points into. */
  readonly textOf: TextOf;
}

/** @param instead texts in the place of what files hold, by the files' names as places have them */
export function startReading(project: Project, instead: ReadonlyMap<string, string> = new Map()): Reading {
  const replaced = new Map([...instead].map(([file, text]) => [resolve(file), text]));
  const touched = new Map<string, string | undefined>([[project.path, undefined]]);
  const textOf: TextOf = (file) => touched.get(resolve(file));
  const input = readProject(project);
  if (isFinding(input)) return { input, touched, textOf };
  const own = replaced.get(project.path);
  const bytes = own === undefined ? input.bytes : Buffer.from(own);
  touched.set(project.path, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  const readText = (name: string) => {
    const path = resolve(project.home, name);
    const text = replaced.get(path) ?? input.readText(name);
    touched.set(path, text);
    return text;
  };
  return { input: { ...input, bytes, readText }, touched, textOf };
}
