import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import type { ProjectFiles } from '../project.ts';

/** What was asked of the disk, such as the text of a file, and the hash of what it answered. */
export interface Answer {
  readonly question: string;
  readonly about: string;
  readonly hash: string;
}

export interface Remembered {
  /** The same files, each question to which is remembered. */
  readonly files: ProjectFiles;
  /** What was answered so far. */
  answers(): readonly Answer[];
  /** Whether that is all: not when something was asked that a name alone can't ask again. */
  isAll(): boolean;
}

/** The spec itself, as a question. */
const SPEC = 'bytes';

export function remember(files: ProjectFiles): Remembered {
  const known = new Map<string, Answer>();
  let isNamed = true;
  const note = (question: string, about: string, answer: unknown) =>
    known.set(`${question} ${about}`, { question, about, hash: hashOf(answer) });
  note(SPEC, files.file, files.bytes);
  const entries = Object.entries(files).map(([question, ask]: [string, unknown]) => {
    if (typeof ask !== 'function') return [question, ask];
    const asking = (...about: unknown[]) => {
      const answer: unknown = ask(...about);
      const [name] = about;
      if (about.length === 1 && typeof name === 'string') note(question, name, answer);
      else isNamed = false;
      return answer;
    };
    return [question, asking];
  });
  return {
    files: Object.fromEntries(entries) as ProjectFiles,
    answers: () => [...known.values()],
    isAll: () => isNamed,
  };
}

/** Whether each question would be answered as it was. */
export function areTrue(answers: readonly Answer[], files: ProjectFiles): boolean {
  return answers.every((one) => hashNow(one, files) === one.hash);
}

/** What the questions would be answered now: the same text for the same answers. */
export function stateOf(answers: readonly Answer[], files: ProjectFiles): string {
  return answers.map((one) => hashNow(one, files)).join('\n');
}

function hashNow({ question, about }: Answer, files: ProjectFiles): string | undefined {
  if (question === SPEC) return hashOf(files.bytes);
  const ask: unknown = Object.hasOwn(files, question) ? files[question as keyof ProjectFiles] : undefined;
  return typeof ask === 'function' ? hashOf(ask(about)) : undefined;
}

/** Of values that may hold bytes, which JSON would make long lists of. */
function hashOf(answer: unknown): string {
  return createHash('sha256').update(serialize(answer)).digest('hex');
}
