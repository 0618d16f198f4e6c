import type { Answer, Status } from './probe.ts';

const WORDS: Readonly<Record<Status, string>> = { ok: 'ok', missing: 'missing', unknown: "can't tell" };

/** One answer for people, with its repair below; ends with a newline. */
export function line({ what, status, text, repair }: Answer): string {
  const first = `${WORDS[status].padEnd(10)}  ${what}: ${text}\n`;
  return repair === undefined ? first : `${first}${' '.repeat(12)}→ ${repair}\n`;
}

/** The last line: how many of each. */
export function summary(answers: readonly Answer[]): string {
  const count = (status: Status) =>
    `${answers.filter((one) => one.status === status).length} ${WORDS[status]}`;
  return `${count('ok')}, ${count('missing')}, ${count('unknown')}\n`;
}

/** For programs: version 1 as docs/doctor.md describes it; ends with a newline. */
export function jsonReport(environment: string, answers: readonly Answer[]): string {
  const document = {
    version: 1,
    environment,
    ok: isSound(answers),
    answers: answers.map(({ what, status, text, repair }) => ({
      what,
      status,
      text,
      repair: repair ?? null,
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Nothing is missing; what nobody can tell from here is nobody's failure. */
export function isSound(answers: readonly Answer[]): boolean {
  return answers.every(({ status }) => status !== 'missing');
}
