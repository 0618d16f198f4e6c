import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse, stringify } from 'yaml';
import { standInEnvironment } from '../src/cli/commands/stand-in.ts';
import type { RunResult } from '../src/cli/run/result.ts';
import { table } from '../src/cli/table.ts';
import { startStandIn } from '../src/stand-in/server.ts';
import { median } from './median.ts';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const DAY = '2026-01-31';
const PAGE = 1000;
const ROUNDS = Number(process.argv[2] ?? 3);

type Seconds = Record<'extract' | 'upload' | 'load', number>;

/** One run of pipegen in a folder of its own: processes, receipts, checks and all. */
async function runPipegen(variables: Record<string, string>): Promise<{ seconds: Seconds; rows: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-bench-'));
  try {
    const spec = parse(readFileSync(join(REPOSITORY, 'pipelines.yaml'), 'utf8'));
    spec.environments = { local: spec.environments.local };
    const { flights } = spec.pipelines;
    delete spec.sources.aviationstack.rate_limit;
    delete flights.dbt;
    delete flights.extract.slices;
    delete flights.extract.query.airline_iata;
    flights.contract.max_bad_rows = '100%';
    flights.checks = flights.checks.filter((check: object) => !('null_rate' in check));
    writeFileSync(join(folder, 'pipelines.yaml'), stringify(spec));
    copyFileSync(join(REPOSITORY, 'image.digest'), join(folder, 'image.digest'));
    const args = ['run', 'flights', '--date', DAY, '--format', 'json'];
    const entry = join(REPOSITORY, 'bin/pipegen.js');
    // Not the synchronous one: the stand-in answers from this process.
    const { stdout } = await promisify(execFile)(process.execPath, [entry, ...args], {
      cwd: folder,
      env: { ...process.env, ...variables },
      maxBuffer: 1e8,
    });
    const result = JSON.parse(stdout) as RunResult;
    const of = (step: string) => result.partitions[0]?.steps.find((one) => one.step === step);
    const seconds = (step: string) => of(step)?.seconds ?? Number.NaN;
    return {
      seconds: { extract: seconds('extract'), upload: seconds('upload'), load: seconds('load') },
      rows: of('extract')?.rows.received ?? 0,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same route without a contract, a receipt or a check, in this process. */
async function runBare(url: string, key: string): Promise<Seconds> {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-bare-'));
  const clock = () => performance.now() / 1000;
  try {
    mkdirSync(join(folder, 'pages'));
    const began = clock();
    for (let offset = 0, total = 1, page = 1; offset < total; page += 1) {
      const query = new URLSearchParams({
        access_key: key,
        flight_date: DAY,
        limit: `${PAGE}`,
        offset: `${offset}`,
      });
      const body = Buffer.from(await (await fetch(`${url}/flights?${query}`)).arrayBuffer());
      const { pagination } = JSON.parse(body.toString()) as { pagination: { count: number; total: number } };
      writeFileSync(join(folder, 'pages', `${page}.json.gz`), await promisify(gzip)(body));
      offset += pagination.count;
      total = pagination.total;
    }
    const landed = clock();
    const connection = await (
      await DuckDBInstance.create(join(folder, 'x.duckdb'), { threads: '2' })
    ).connect();
    const parquet = join(folder, 'x.parquet');
    await connection.run(`
      copy (select unnest(f, recursive := true) from (select unnest(data) as f from read_json('${folder}/pages/*.gz')))
      to '${parquet}' (format parquet, compression zstd)`);
    const uploaded = clock();
    await connection.run(`create table flights as select * from read_parquet('${parquet}') limit 0`);
    await connection.run(`insert into flights select * from read_parquet('${parquet}')`);
    const loaded = clock();
    connection.closeSync();
    return { extract: landed - began, upload: uploaded - landed, load: loaded - uploaded };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const standIn = await startStandIn({ today: '2026-02-05', flightsPerAirlineAndDay: 2000, plan: 'business' });
try {
  const ours: Seconds[] = [];
  const bare: Seconds[] = [];
  let rows = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { seconds, rows: received } = await runPipegen(standInEnvironment(standIn));
    ours.push(seconds);
    rows = received;
    bare.push(await runBare(standIn.url, standIn.key));
  }
  const lines = (['extract', 'upload', 'load'] as const).map((step) => {
    const [us, them] = [ours, bare].map((all) => median(all.map((one) => one[step])));
    const [a = Number.NaN, b = Number.NaN] = [us, them];
    return [step, a.toFixed(2), b.toFixed(2), (a / b).toFixed(1)];
  });
  process.stdout.write(
    `${rows} flights, median of ${ROUNDS} rounds, seconds of whole processes for pipegen\n\n`,
  );
  process.stdout.write(`${table(['step', 'pipegen', 'bare', 'ratio'], lines).join('\n')}\n`);
} finally {
  await standIn.close();
}
