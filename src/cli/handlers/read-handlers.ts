import type { HandlerFact, HandlerQuestion, ReadHandlers } from '../../compiler/handlers/handler-facts.ts';
import { type FactCache, openFactCache } from '../cache/fact-cache.ts';
import { handlerFact } from './handler-fact.ts';
import { openProgram, type Program } from './morph.ts';
import { textsRead } from './texts-read.ts';

/**
 * What TypeScript says of the handlers of a project, from the cache where their files are as they were. TypeScript
 * is loaded at the first question that the cache can't answer.
 *
 * @param open in place of TypeScript, to be counted
 */
export function handlerReader(
  home: string,
  open: typeof openProgram = openProgram,
  cache: FactCache = openFactCache(home),
): ReadHandlers {
  const openFor = (questions: readonly HandlerQuestion[]) => {
    const files = questions.flatMap(({ file, recordsOf }) => [
      file,
      ...(recordsOf === undefined ? [] : [recordsOf.file]),
    ]);
    const generated = Object.assign({}, ...questions.map((one) => one.generated));
    return open(home, [...new Set(files)], generated);
  };
  return (questions, readText) => {
    let program: Program | undefined;
    return questions.map((question): HandlerFact => {
      const textOf = (path: string) =>
        Object.hasOwn(question.generated, path) ? question.generated[path] : readText(path);
      const known = cache.read(question, textOf);
      if (known !== undefined) return known;
      program ??= openFor(questions);
      const fact = handlerFact(program, home, question);
      const { texts, complete } = textsRead(program, home, question);
      for (const path of Object.keys(texts)) textOf(path);
      if (complete) cache.write(question, fact, texts);
      return fact;
    });
  };
}
