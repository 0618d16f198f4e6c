/** How one test or one check ended. A check is a command that must succeed, such as the type check. */
export interface TestRecord {
  readonly file: string;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, as the test said. */
  readonly reason?: string;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function count(records: readonly TestRecord[]): Counts {
  const ended = (state: TestRecord['state']) => records.filter((record) => record.state === state).length;
  return { passed: ended('passed'), failed: ended('failed'), skipped: ended('skipped') };
}

/** Nothing failed, and something ran: a run without a test has shown nothing. */
export function isSuccess(counts: Counts): boolean {
  return counts.failed === 0 && counts.passed > 0;
}

/** One line for each record that did not pass. */
export function notPassed(records: readonly TestRecord[]): string[] {
  const named = records.filter((record) => record.state !== 'passed');
  return named.map(({ state, file, name, reason }) => {
    const why = state === 'skipped' ? ` (${reason ?? 'no reason given'})` : '';
    return `${state}: ${file} > ${name}${why}`;
  });
}

/** The line that `.ci/run` ends with. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * What vitest did, from the records that its reporter left and its exit code. Records that are missing, empty or
 * contradicted by the exit code become a failure of their own: a run that broke off is not a run that passed.
 */
export function vitestRecords(recorded: string | undefined, exitCode: number): TestRecord[] {
  const failure = (name: string): TestRecord => ({ file: 'vitest', name, state: 'failed' });
  if (recorded === undefined) return [failure(`ended with exit code ${exitCode} before it reported`)];
  const records = JSON.parse(recorded) as TestRecord[];
  if (records.every((record) => record.state === 'skipped')) return [...records, failure('ran no test')];
  if (exitCode === 0 || records.some((record) => record.state === 'failed')) return records;
  return [...records, failure(`ended with exit code ${exitCode}, though no test failed`)];
}
