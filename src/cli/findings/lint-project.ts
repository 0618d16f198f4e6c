import { readCachedLint, writeCachedLint } from '../cache/lint-cache.ts';
import { isFinding, type Project, readProject } from '../project.ts';
import { type Answer, areTrue, remember } from './answers.ts';
import type { Looked } from './look.ts';

export interface Linted extends Looked {
  /** What was read, as far as a name alone can ask for it again; nothing where there is no spec. */
  readonly answers: readonly Answer[];
}

/** Lints a spec, or says what the last lint found where everything that it read is as it was. */
export async function lintProject(project: Project): Promise<Linted> {
  const read = readProject(project);
  if (isFinding(read)) return { findings: [read], textOf: () => undefined, answers: [] };
  const cached = readCachedLint(project);
  if (cached !== undefined && areTrue(cached.answers, read)) {
    const texts = new Map(cached.texts);
    const { answers, findings, size, rules } = cached;
    return {
      answers,
      findings,
      textOf: (file) => texts.get(file),
      ...(size === undefined ? {} : { size }),
      ...(rules === undefined ? {} : { rules }),
    };
  }
  const { files, answers, isAll } = remember(read);
  // The compiler is most of the start, which an unchanged spec does not wait for.
  const [{ lookAt }, { withRules }, { keptTrees }] = await Promise.all([
    import('./look.ts'),
    import('../rules/with-rules.ts'),
    import('../cache/kept-trees.ts'),
  ]);
  const ruled = await withRules({ ...files, known: keptTrees() }, project.home);
  const looked = lookAt(ruled);
  if (isAll() && ruled.isSelfContained) {
    const { findings, size, rules, textOf } = looked;
    const texts = filesOf(looked).flatMap((file): [string, string][] => {
      const text = textOf(file);
      return text === undefined ? [] : [[file, text]];
    });
    writeCachedLint(project, {
      answers: answers(),
      findings,
      texts,
      ...(size === undefined ? {} : { size }),
      ...(rules === undefined ? {} : { rules }),
    });
  }
  return { ...looked, answers: answers() };
}

/** Every file that a finding names. */
function filesOf({ findings }: Looked): string[] {
  const places = findings.flatMap(({ at, labels = [], fix }) => [
    at,
    ...labels.map((label) => label.at),
    ...(fix?.edits ?? []).map((edit) => edit.at),
  ]);
  return [...new Set(places.map(({ file }) => file))];
}
