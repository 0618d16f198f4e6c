import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { table } from '../../src/cli/table.ts';
import { median } from '../median.ts';
import { VARIANTS, type Variant, writeFolders } from './folders.ts';
import { pipelineName } from './spec.ts';

/** Import of DAG files in Airflow 3.3: ours beside files written by hand and beside dag-factory, in turn. */
const PYTHON = fileURLToPath(new URL('../../.venv/bench-airflow/bin/python', import.meta.url));
const SCRIPT = fileURLToPath(new URL('import_dags.py', import.meta.url));
const COUNT = Number(process.argv[2] ?? 1000);
const ROUNDS = Number(process.argv[3] ?? 3);
const TASKS = 6;

interface Imported {
  readonly wall: number;
  readonly cpu: number;
  /** Processor seconds until the import could begin: Airflow, operators, dag-factory. */
  readonly ready: number;
}

function importDags(home: string, variant: Variant, folder: string, path: string, count: number): Imported {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(_?AIRFLOW|PYTHON)/.test(name));
  const ended = spawnSync(PYTHON, [SCRIPT, path], {
    encoding: 'utf8',
    maxBuffer: 1e9,
    env: {
      ...Object.fromEntries(inherited),
      AIRFLOW_HOME: home,
      AIRFLOW__CORE__DAGS_FOLDER: folder,
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '600',
      AIRFLOW__DAG_FACTORY__ENABLE_TELEMETRY: 'False',
      // As where DAGs are mounted read-only: every import compiles its file.
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  if (ended.status !== 0) throw new Error(`${variant} ended with ${ended.status}\n${ended.stderr}`);
  const answer = JSON.parse(ended.stdout) as Imported & { dags: number; tasks: number; errors: string[] };
  if (answer.dags !== count || answer.tasks !== count * TASKS) {
    throw new Error(
      `${variant}: ${answer.dags} DAGs, ${answer.tasks} tasks\n${answer.errors}\n${ended.stderr}`,
    );
  }
  return answer;
}

function report(title: string, unit: number, results: ReadonlyMap<Variant, readonly Imported[]>): void {
  const of = (variant: Variant, of: 'wall' | 'cpu') =>
    median((results.get(variant) ?? []).map((one) => one[of]));
  console.log(`\n${title}`);
  const rows = VARIANTS.map((variant) => [
    variant,
    ...(['wall', 'cpu'] as const).flatMap((clock) => [
      (of(variant, clock) * unit).toFixed(2),
      (of(variant, clock) / of('pipegen', clock)).toFixed(2),
    ]),
  ]);
  console.log(table(['files', 'wall', 'to pipegen', 'cpu', 'to pipegen'], rows).join('\n'));
}

function measure(home: string): void {
  writeFolders(home, COUNT);
  const whole = new Map<Variant, Imported[]>();
  const one = new Map<Variant, Imported[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const variant of VARIANTS) {
      const folder = join(home, variant);
      const file = join(folder, `${pipelineName(round)}.py`);
      whole.set(variant, [...(whole.get(variant) ?? []), importDags(home, variant, folder, folder, COUNT)]);
      one.set(variant, [...(one.get(variant) ?? []), importDags(home, variant, folder, file, 1)]);
    }
  }
  report(`${COUNT} DAGs of five pods and a publication, seconds`, 1, whole);
  report('one DAG, as each task reads it again before it runs, milliseconds', 1000, one);
  const ready = median([...one.values()].flat().map((imported) => imported.ready));
  console.log(
    `\nBefore that, the imports of Airflow and the operators: ${ready.toFixed(1)} s of processor time`,
  );
}

if (!existsSync(PYTHON)) {
  console.error('The environment of this measurement is not installed; bench/README.md has the commands.');
  process.exitCode = 2;
} else {
  const home = mkdtempSync(join(tmpdir(), 'pipegen-bench-'));
  try {
    measure(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}
