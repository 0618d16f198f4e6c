import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { checkSpec } from '../src/cli/check-spec.ts';
import { choose } from '../src/cli/commands/run.ts';
import { findProject } from '../src/cli/project.ts';
import { table } from '../src/cli/table.ts';
import { buildJob } from '../src/compiler/job.ts';
import { printJob } from '../src/compiler/job-text.ts';
import { createFilesStore } from '../src/runtime/adapters/files/files-store.ts';
import { runHash } from '../src/runtime/identity.ts';
import { publishedName } from '../src/runtime/object-names.ts';
import { NO_ROWS, type PublishedFile, type UploadDetails } from '../src/runtime/receipt.ts';
import { writeReceipt } from '../src/runtime/receipts.ts';
import type { ColumnType } from '../src/spec/column-type.ts';
import { type Job, jobHash, job as jobSchema } from '../src/spec/job.ts';
import { writtenColumns } from '../src/spec/mask.ts';
import { type Measured, measureOutput } from './extract/measure.ts';
import { median } from './median.ts';

/** The step load over one large day in DuckDB, and again when all is loaded, beside one bare INSERT, in turn. */
const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const RUNTIME = join(REPOSITORY, 'bin/pipegen-runtime.js');
const DAY = '2026-01-31';
const RUN_ID = 'bench';
const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '5' } },
});
const ROWS = Number(options.rows);
const ROUNDS = Number(options.rounds);

interface Took extends Measured {
  /** Seconds by the clock, without the start of its process. */
  readonly work: number;
}

async function jobOf(checks: boolean): Promise<{ job: Job; text: string }> {
  const { spec } = await checkSpec(findProject(join(REPOSITORY, 'pipelines.yaml')));
  if (spec === undefined) throw new Error('pipelines.yaml has errors: npx pipegen lint');
  const { environment, pipeline: flights } = choose(spec, 'local', 'flights');
  const whole = buildJob(environment, flights);
  const written = checks ? whole : { ...whole, checks: [] };
  return { job: jobSchema.parse(written), text: printJob(written) };
}

/** A value of row `i` in a column: an eighth is null, a text has a thousand values, the flight is another each time. */
function value(name: string, type: ColumnType): string {
  const pick = `hash(i, '${name}')`;
  if (name === 'flight_date') return `DATE '${DAY}'`;
  if (name === 'flight') return `'LH' || i`;
  const some =
    type === 'integer'
      ? `CAST(${pick} % 180 AS BIGINT)`
      : type === 'local_timestamp'
        ? `TIMESTAMP '${DAY}' + to_minutes(CAST(${pick} % 1440 AS BIGINT))`
        : `'${name.slice(0, 8)} ' || (${pick} % 1000)`;
  return `CASE WHEN ${pick} % 8 = 7 THEN NULL ELSE ${some} END`;
}

/** The published file of the day, as upload names it. */
async function publish(job: Job, folder: string): Promise<PublishedFile> {
  const columns = writtenColumns(job.columns ?? []).map(
    ({ name, type }) => `${value(name, type)} AS "${name}"`,
  );
  const draft = join(folder, 'draft.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (
    SELECT ${columns.join(', ')}, 'landing/page-' || (i // 1000) AS _pipegen_source_file, md5(CAST(i AS VARCHAR)) AS _pipegen_row_hash
    FROM range(${ROWS}) AS t(i)
  ) TO '${draft}' (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
  const hash = createHash('sha256');
  await pipeline(createReadStream(draft), hash);
  const sha256 = hash.digest('hex');
  const name = publishedName(job.pipeline, DAY, sha256);
  const path = join(lakeOf(folder), name);
  mkdirSync(dirname(path), { recursive: true });
  renameSync(draft, path);
  return { name, size: statSync(path).size, sha256, rows: ROWS };
}

const lakeOf = (folder: string) => join(folder, '.pipegen/lake');
const databaseOf = (folder: string) => join(folder, '.pipegen/warehouse.duckdb');

async function writeUploadReceipt(job: Job, folder: string, file: PublishedFile): Promise<void> {
  const details: UploadDetails = {
    extracted_at: `${DAY}T06:00:00.000Z`,
    files: [file],
    quarantine: null,
    reasons: [],
    keyless: 0,
    total: ROWS,
  };
  await writeReceipt(createFilesStore(lakeOf(folder)), {
    version: 1,
    pipeline: job.pipeline,
    partition: DAY,
    step: 'upload',
    status: 'done',
    run: runHash(job.pipeline, RUN_ID),
    run_id: RUN_ID,
    generation: 0,
    job: jobHash(job),
    try_number: 1,
    started_at: `${DAY}T06:00:00.000Z`,
    message: 'written by the measurement',
    requests: 0,
    rows: { ...NO_ROWS, received: ROWS, published: ROWS },
    details,
  });
}

/** One process of the runtime; its work is from its first event on, the closing of the database included. */
function runStep(folder: string, text: string): Took & { message: string } {
  const { measured, stdout } = measureOutput([process.execPath, RUNTIME, 'load'], {
    PIPEGEN_HOME: folder,
    PIPEGEN_PARTITIONS: DAY,
    PIPEGEN_DAG_ID: 'flights',
    PIPEGEN_TASK_ID: 'load',
    PIPEGEN_RUN_ID: RUN_ID,
    PIPEGEN_JOB: text,
  });
  const ended = Date.now();
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const event = (name: string) => events.find((one) => one.event === name);
  const work = (ended - Date.parse(event('step_started').time)) / 1000;
  return { ...measured, work, message: event('partition_done').msg };
}

/** One process that makes the table and runs one INSERT; its work is from opening the database to closing it. */
function runBare(folder: string, file: PublishedFile): Took {
  const code = `
    import { DuckDBInstance } from '@duckdb/node-api';
    const began = performance.now();
    const [path, file] = process.argv.slice(1);
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("CREATE TABLE flights AS SELECT * FROM read_parquet('" + file + "') LIMIT 0");
    await connection.run("INSERT INTO flights SELECT * FROM read_parquet('" + file + "')");
    connection.closeSync();
    instance.closeSync();
    console.log((performance.now() - began) / 1000);`;
  const program = [process.execPath, '--input-type=module', '-e', code];
  const { measured, stdout } = measureOutput([
    ...program,
    join(folder, 'bare.duckdb'),
    join(lakeOf(folder), file.name),
  ]);
  return { ...measured, work: Number(stdout) };
}

const folder = mkdtempSync(join(tmpdir(), 'pipegen-bench-'));
try {
  const plain = await jobOf(false);
  const checked = await jobOf(true);
  const file = await publish(plain.job, folder);
  const parts = { bare: [], load: [], again: [], 'load, checked': [], 'again, checked': [] } as Record<
    'bare' | 'load' | 'again' | 'load, checked' | 'again, checked',
    Took[]
  >;
  for (let round = 0; round < ROUNDS; round += 1) {
    rmSync(join(folder, 'bare.duckdb'), { force: true });
    parts.bare.push(runBare(folder, file));
    for (const [name, again, { job, text }] of [
      ['load', 'again', plain],
      ['load, checked', 'again, checked', checked],
    ] as const) {
      rmSync(databaseOf(folder), { force: true });
      await writeUploadReceipt(job, folder, file);
      parts[name].push(runStep(folder, text));
      const second = runStep(folder, text);
      if (!second.message.includes('nothing was changed')) throw new Error(second.message);
      parts[again].push(second);
    }
  }
  const middle = (all: readonly Took[], key: keyof Took) => median(all.map((took) => took[key]));
  const lines = Object.entries(parts).map(([name, all]) => {
    const cells = (['work', 'seconds', 'cpu'] as const).flatMap((key) => {
      const ours = middle(all, key);
      return [ours.toFixed(2), (ours / middle(parts.bare, key)).toFixed(2)];
    });
    return [name, ...cells, middle(all, 'peak').toFixed(0)];
  });
  const size = (file.size / 1e6).toFixed(0);
  process.stdout.write(`${ROWS} flights, ${size} MB of parquet, median of ${ROUNDS} rounds\n\n`);
  const head = ['', 'work s', 'to bare', 'process s', 'to bare', 'processor s', 'to bare', 'peak MiB'];
  process.stdout.write(`${table(head, lines).join('\n')}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
