import { expect, test } from 'vitest';
import { earlyFailure, nodeFailure } from '../../../src/runtime/steps/dbt/failure.ts';

const node = (status: string, message: string) => ({
  unique_id: `model.demo.${status}`,
  ...{ status, message, seconds: 1, failures: null },
});

function ofNodes(...nodes: ReturnType<typeof node>[]) {
  const counts = { passed: 0, warned: 0, failed: nodes.length, skipped: 0 };
  return nodeFailure({ nodes, ...counts, artefacts: { run_results: 'artefacts/r' } }).exit;
}

const LOCK = '000625 (57014): Statement reached its lock timeout and was aborted.';
const GRANT =
  "002003 (02000): SQL compilation error: Table 'A.RAW.FLIGHTS' does not exist or not authorized.";
const COMPILATION = 'Compilation Error in model x: macro "y" is undefined';

test.each([
  [75, [node('error', LOCK)]],
  [75, [node('error', LOCK), node('error', '250001 (08001): None: Failed to connect to DB: host:443.')]],
  [
    75,
    [node('error', '390114 (08001): Authentication token has expired. The user must authenticate again.')],
  ],
  [75, [node('error', 'IO Error: Could not set lock on file "w.duckdb"')]],
  [75, [node('error', "HTTPSConnectionPool(host='x', port=443): Max retries exceeded")]],
  [78, [node('error', GRANT)]],
  [78, [node('error', '000606 (57P03): No active warehouse selected in the current session.')]],
  [78, [node('error', GRANT), node('error', COMPILATION)]],
  [65, [node('fail', 'Got 3 results, configured to fail if != 0')]],
  // What a test found may read like anything, and a column may be called anything.
  [65, [node('fail', LOCK)]],
  [65, [node('error', 'Database Error: 000904 (42000): invalid identifier CONNECTION_ID')]],
  [65, [node('error', 'Binder Error: column "connection" not found, candidates: "timestamp"')]],
  [65, [node('fail', 'Got 1 result'), node('error', LOCK)]],
])('of nodes: %i for %j', (exit, nodes) => {
  expect(ofNodes(...nodes)).toBe(exit);
});

test.each([
  [
    75,
    'Runtime Error Database Error 250001: Could not connect to Snowflake backend after 2 attempt(s).Aborting',
  ],
  [
    78,
    "Database Error 250001 (08001): None: Failed to connect to DB: h:443. Role 'R' specified in the connect string is not granted to this user.",
  ],
  [78, '250001 (08001): None: Failed to connect to DB: h:443. Incorrect username or password was specified.'],
  [78, '250001 (08001): None: Failed to connect to DB: h:443. JWT token is invalid. [abc]'],
  [78, 'Compilation Error: Model x depends on a source named raw.flights which was not found'],
  [75, ''],
])('before a node: %i for %j', (exit, text) => {
  expect(earlyFailure({ code: 2, signal: null, errors: text === '' ? [] : [text] }).exit).toBe(exit);
});

test('says what kills a process that asked for nothing', () => {
  const killed = earlyFailure({ code: null, signal: 'SIGKILL', errors: ['Found 5 models'] });
  expect(killed.exit).toBe(75);
  expect(killed.message).toMatch(/out of memory.*steps\.dbt\.resources\.memory.*Found 5 models$/);
  const other = earlyFailure({ code: null, signal: 'SIGSEGV', errors: [] });
  expect(other.message).toContain('SIGSEGV');
});
