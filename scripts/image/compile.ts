// Loads every file of the bundled runtime in the folder given, so that Node keeps it compiled where
// NODE_COMPILE_CACHE says, and runs the step extract once: what is kept are the functions that were called.
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WrittenJob } from '../../src/spec/job.ts';

const folder = resolve(process.argv[2] ?? 'dist/image');
// Snowflake's driver would ask three clouds whether this machine is theirs.
process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION = 'true';
for (const file of globSync('dist/**/*.js', { cwd: folder })) {
  await import(pathToFileURL(join(folder, file)).href);
}

const server = createServer((_, response) => response.end('{"data":[{"id":1}]}'));
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const home = mkdtempSync(join(tmpdir(), 'pipegen-compile-'));
const job: WrittenJob = {
  version: 1,
  pipeline: 'compile',
  environment: 'image',
  timezone: 'UTC',
  steps: ['extract'],
  variables: {},
  store: { kind: 'files', root: 'lake' },
  warehouse: { kind: 'duckdb', path: 'warehouse.duckdb', schema: 'raw' },
  extract: {
    source: {
      kind: 'http',
      base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      auth: { kind: 'api_key', in: 'query', name: 'key', secret: 'COMPILE_KEY' },
    },
    path: '/records',
    records: 'data',
    paginate: { kind: 'none' },
  },
  columns: [{ name: 'id', from: ['/id'], type: 'integer' }],
  contract: {},
  checks: [{ row_count: { min: 1 } }],
};
const { main } = await import(pathToFileURL(join(folder, 'dist/runtime/main.js')).href);
const exit = await main(['extract'], {
  PIPEGEN_JOB: JSON.stringify(job),
  PIPEGEN_HOME: home,
  PIPEGEN_PARTITIONS: '2026-01-31',
  PIPEGEN_DAG_ID: 'compile',
  PIPEGEN_TASK_ID: 'extract',
  PIPEGEN_RUN_ID: 'compile',
  PIPEGEN_TRY_NUMBER: '1',
  COMPILE_KEY: 'a-key-of-the-build',
});
rmSync(home, { recursive: true });
process.exit(exit);
