import type { CompileInput } from './compile.ts';
import type { Finding } from './finding.ts';
import { decode, readWithIncluded } from './include.ts';
import { parse } from './parse.ts';
import type { SourceFile } from './source-file.ts';

/** The text of a spec, read: what must be known before what it names beside itself can be looked for. */
export interface ReadSpec {
  /** Of all files together that could be read; undefined where the first could not. */
  readonly source?: SourceFile;
  /** Whether that is all of them. */
  readonly complete: boolean;
  readonly files: readonly SourceFile[];
  readonly findings: readonly Finding[];
  /** Text of each file that was read, under the name that findings print. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Parses a spec and all that it includes. */
export function readSpec(input: Pick<CompileInput, 'file' | 'bytes' | 'readIncluded' | 'known'>): ReadSpec {
  const parsed = parse(input.file, input.bytes, input.known);
  if (parsed.source === undefined) {
    const texts = new Map([[input.file, decode(input.bytes)]]);
    return { complete: false, files: [], findings: parsed.findings, texts };
  }
  const { findings, ...read } = readWithIncluded(
    parsed.source,
    input.readIncluded ?? (() => []),
    input.known,
  );
  return { ...read, findings: [...parsed.findings, ...findings] };
}
