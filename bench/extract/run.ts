import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../../src/cli/table.ts';
import { median } from '../median.ts';
import { imageRuntime } from './image.ts';
import { type Measured, measure, together } from './measure.ts';
import { pipegenSteps } from './pipegen.ts';

/** extract and upload of flights: pipegen beside dlt and beside the limit of the route, in turn, in one run. */
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const PYTHON = here('../../.venv/bench-dlt/bin/python');
const SLICES = 4;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    without: { type: 'string', multiple: true, default: [] },
    format: { type: 'string', default: 'parquet' },
  },
});
const ROUNDS = Number(values.rounds);
const runtime = imageRuntime();

type Part = 'pipegen' | 'pipegen with transform' | 'dlt' | 'limit';
const PARTS: Part[] = (['pipegen', 'limit', 'pipegen with transform', 'dlt'] as const).filter(
  (part) => !values.without.includes(part),
);

interface Round {
  readonly all: Measured;
  readonly extract?: Measured;
  readonly upload?: Measured;
}

async function withApi<Value>(records: number, work: (port: number) => Value): Promise<Value> {
  const api = spawn(process.execPath, [here('flights-api.ts'), String(records), String(SLICES)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(api.stdout, 'data')) as [Buffer];
    return work(Number(String(port)));
  } finally {
    api.kill();
  }
}

function runOnce(part: Part, records: number, port: number): Round {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-bench-'));
  try {
    if (part === 'dlt') {
      const args = [folder, port, records, SLICES, values.format].map(String);
      return { all: measure([PYTHON, here('dlt_rest.py'), ...args]) };
    }
    if (part === 'limit') {
      const bare = (...args: (string | number)[]) =>
        measure([process.execPath, here('bare.ts'), ...args.map(String)]);
      const extract = bare('extract', folder, port, records, SLICES);
      const upload = bare('upload', folder);
      return { all: together(extract, upload), extract, upload };
    }
    const steps = pipegenSteps(runtime, folder, port, SLICES, part === 'pipegen with transform');
    const extract = steps.extract();
    const upload = steps.upload();
    return { all: together(extract, upload), extract, upload };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(records: number, results: ReadonlyMap<Part, readonly Round[]>): void {
  const of = (part: Part, value: (round: Round) => number | undefined) =>
    median((results.get(part) ?? []).map((round) => value(round) ?? Number.NaN));
  const ours = of('pipegen', ({ all }) => all.seconds);
  const rows = PARTS.map((part) => {
    const seconds = of(part, ({ all }) => all.seconds);
    return [
      part,
      of(part, ({ extract }) => extract?.seconds).toFixed(1),
      of(part, ({ upload }) => upload?.seconds).toFixed(1),
      seconds.toFixed(1),
      String(Math.round(records / seconds)),
      (seconds / ours).toFixed(2),
      of(part, ({ all }) => all.peak).toFixed(0),
    ].map((cell) => cell.replace('NaN', ''));
  });
  const head = ['', 'extract s', 'upload s', 'whole s', 'rows/s', 'time to pipegen’s', 'peak MiB'];
  console.log(`\n${records} flights, median of ${ROUNDS} rounds\n\n${table(head, rows).join('\n')}`);
}

if (!values.without.includes('dlt') && !existsSync(PYTHON)) {
  console.error(
    'dlt is not installed for this measurement; bench/README.md has the commands. Or: --without dlt',
  );
  process.exitCode = 2;
} else {
  for (const records of positionals.length > 0 ? positionals.map(Number) : [100_000]) {
    const results = new Map<Part, Round[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const part of PARTS) {
        const one = await withApi(records, (port) => runOnce(part, records, port));
        results.set(part, [...(results.get(part) ?? []), one]);
      }
    }
    report(records, results);
  }
}
