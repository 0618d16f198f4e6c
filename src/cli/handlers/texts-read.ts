import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import type { SourceFile } from 'ts-morph';
import type { HandlerQuestion } from '../../compiler/handlers/handler-facts.ts';
import type { Program } from './morph.ts';

/** Path relative to the project → text. */
export type Texts = Readonly<Record<string, string>>;

/**
 * Every file on whose text an answer depends, as it was read: also those that are imported for their types, which no
 * step runs, and the declarations of packages.
 *
 * @returns complete: false where a file or package is missing, so that the answer holds only until it is there
 */
export function textsRead(
  { morph, project }: Program,
  home: string,
  { file, recordsOf }: HandlerQuestion,
): { texts: Texts; complete: boolean } {
  const found = new Set<SourceFile>();
  let complete = true;
  const queue = [file, ...(recordsOf === undefined ? [] : [recordsOf.file])].map((path) =>
    project.getSourceFileOrThrow(join(home, path)),
  );
  for (const source of queue) {
    if (found.has(source)) continue;
    found.add(source);
    for (const literal of source.getImportStringLiterals()) {
      const target = literal.getSymbol()?.getValueDeclaration() ?? literal.getSymbol()?.getDeclarations()[0];
      if (morph.Node.isSourceFile(target)) queue.push(target);
      // Types of Node itself are not loaded, whether they are installed or not.
      else if (!isBuiltin(literal.getLiteralText())) complete = false;
    }
  }
  const texts = [...found].map((one): [string, string] => [
    relative(home, one.getFilePath()).replaceAll('\\', '/'),
    one.getFullText(),
  ]);
  return { texts: Object.fromEntries(texts), complete };
}
