import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import type { SourceFile } from 'ts-morph';
import type { HandlerQuestion } from '../../compiler/handlers/handler-facts.ts';
import type { Program } from './morph.ts';

/**
 * Every file on whose text an answer depends, relative to the project: also those that are imported for their types,
 * which no step runs, and the declarations of packages.
 *
 * @returns undefined where a file or package is missing: the answer holds only until it is there
 */
export function filesRead(
  { morph, project }: Program,
  home: string,
  { file, recordsOf }: HandlerQuestion,
): string[] | undefined {
  const found = new Set<SourceFile>();
  const queue = [file, ...(recordsOf === undefined ? [] : [recordsOf.file])].map((path) =>
    project.getSourceFileOrThrow(join(home, path)),
  );
  for (const source of queue) {
    if (found.has(source)) continue;
    found.add(source);
    for (const literal of source.getImportStringLiterals()) {
      const specifier = literal.getLiteralText();
      const target = literal.getSymbol()?.getValueDeclaration() ?? literal.getSymbol()?.getDeclarations()[0];
      if (morph.Node.isSourceFile(target)) queue.push(target);
      else if (!isOfNode(specifier)) return undefined;
    }
  }
  return [...found].map((one) => relative(home, one.getFilePath()).replaceAll('\\', '/')).sort();
}

/** Types of Node itself are not loaded, whether they are installed or not. */
function isOfNode(specifier: string): boolean {
  return isBuiltin(specifier);
}
