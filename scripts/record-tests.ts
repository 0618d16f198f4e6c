import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import type { TestRecord } from './test-report.ts';

/**
 * A vitest reporter that writes one record per test to the file named by `PIPEGEN_TEST_RECORDS`. The reporters
 * of vitest itself leave out why a test was skipped, or what went wrong outside of a test.
 */
export default class RecordTests implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): Promise<void> {
    const path = process.env.PIPEGEN_TEST_RECORDS;
    if (path === undefined) throw new Error('PIPEGEN_TEST_RECORDS must name the file to write.');
    const records = modules.flatMap(recordsOf);
    for (const line of slowest(modules)) console.log(line);
    for (const _ of unhandled) {
      records.push({ file: 'vitest', name: 'an error outside of every test', state: 'failed' });
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(records));
  }
}

/** Where the time went, for whoever wants the whole to be quicker. */
function slowest(modules: readonly TestModule[]): string[] {
  return modules
    .map((module) => ({ file: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 }))
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, SLOWEST)
    .map(({ file, seconds }) => `${seconds.toFixed(0).padStart(5)} s  ${file}`);
}

const SLOWEST = 25;

function recordsOf(module: TestModule): TestRecord[] {
  const file = module.relativeModuleId;
  const broken = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return [
    ...[...module.children.allTests()].map((test) => recordOf(file, test)),
    ...broken.map((suite): TestRecord => ({ file, name: nameOf(suite), state: 'failed' })),
  ];
}

function nameOf(suite: TestModule | TestSuite): string {
  return suite.type === 'module'
    ? 'loading, beforeAll or afterAll'
    : `${suite.fullName} (beforeAll or afterAll)`;
}

function recordOf(file: string, test: TestCase): TestRecord {
  const result = test.result();
  const name = test.fullName;
  if (result.state === 'skipped') {
    return { file, name, state: 'skipped', ...(result.note === undefined ? {} : { reason: result.note }) };
  }
  // A test that is still pending when the run is over was cut off.
  return { file, name, state: result.state === 'passed' ? 'passed' : 'failed' };
}
