import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { EXIT, type ExitCode } from '../spec/exit-codes.ts';
import { type Job, jobHash } from '../spec/job.ts';
import { groupText, parseGroup, type SliceGroup } from '../spec/slice-group.ts';
import { podsOf } from '../spec/slices.ts';
import { authFile } from '../spec/snowflake.ts';
import { isStep, STEPS, type Step } from '../spec/steps.ts';
import { openStore } from './adapters/stores.ts';
import type { StepContext, StepFunction } from './context.ts';
import { configuration, StepError, stopped } from './errors.ts';
import { groupInWords } from './group-receipts.ts';
import { guardOutput } from './guard-output.ts';
import { strayFailure } from './handlers/thrown.ts';
import { readIdentity } from './identity.ts';
import { createLog } from './log.ts';
import { readJob, withVariables } from './read-job.ts';
import { createRedactor } from './redact.ts';
import { runStep } from './run-step.ts';
import { readSecret, secretValues } from './secrets.ts';
import { writeTerminationMessage } from './termination.ts';

const HEARTBEAT = 60_000;
/** Kubernetes waits 60 s after SIGTERM; what does not end by itself is ended before that. */
const GRACE = 45_000;

const STEP_FUNCTIONS: Record<Step, () => Promise<StepFunction>> = {
  extract: async () => (await import('./steps/extract.ts')).extract,
  upload: async () => (await import('./steps/upload.ts')).upload,
  load: async () => (await import('./steps/load.ts')).load,
  check: async () => (await import('./steps/check.ts')).check,
  dbt: async () => (await import('./steps/dbt.ts')).dbt,
};

/**
 * The container's entry point, `pipegen-runtime STEP`: job and identity come from the environment, the exit code
 * says how it ended (see `EXIT`). `extract 2/4` reads the second of four shares of the slices. Never throws.
 */
export async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<ExitCode> {
  const [step, share, ...rest] = args;
  const group = share === undefined ? undefined : parseGroup(share);
  const understood = share === undefined || (step === 'extract' && group !== undefined);
  if (step === undefined || !isStep(step) || !understood || rest.length > 0) {
    const usage = `pipegen-runtime STEP, where STEP is one of ${STEPS.join(', ')}; extract may have a share behind it: 2/4`;
    process.stderr.write(`usage: ${usage}\n`);
    return EXIT.configuration;
  }
  // Before the job is read nothing is known to be secret; nothing of the environment is printed until then.
  let redact = createRedactor([]);
  let log = createLog(redact, { step });
  const release = guardOutput((text) => redact(text));
  const abort = new AbortController();
  const stop = () => {
    abort.abort(stopped());
    setTimeout(() => process.exit(EXIT.stopped), GRACE).unref();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  let home = process.cwd();
  let crashed: StepError | undefined;
  // Left to Node it would end the process with 1, which Airflow retries, and print what it likes.
  const crash = (error: unknown) => {
    crashed ??= strayFailure(error, home, redact);
    abort.abort(crashed);
    setTimeout(() => process.exit(crashed?.exit), GRACE).unref();
  };
  process.on('unhandledRejection', crash).on('uncaughtException', crash);
  if (environment.PIPEGEN_STOP_WITH_STDIN === '1') stopWithStdin(stop);
  const scratch = mkdtempSync(join(tmpdir(), 'pipegen-'));
  let heartbeat: NodeJS.Timeout | undefined;
  try {
    const job = readJob(environment);
    redact = createRedactor(secretValues(job, environment));
    const identity = { ...readIdentity(environment), ...(group === undefined ? {} : { group }) };
    log = createLog(redact, {
      ...{ pipeline: job.pipeline, step, run: identity.run },
      ...(group === undefined ? {} : { group: groupText(group) }),
    });
    heartbeat = setInterval(() => log.info({ event: 'heartbeat' }, `${step} is working`), HEARTBEAT).unref();
    if (!job.steps.includes(step)) {
      throw configuration(`the pipeline ${job.pipeline} has no step ${step}: it has ${job.steps.join(', ')}`);
    }
    if (group !== undefined) requireShared(job, group);
    home = homeOf(job, environment);
    const context: StepContext = {
      job: withVariables(job, environment),
      jobHash: jobHash(job),
      identity,
      store: await openStore(job.store, home, abort.signal),
      log,
      signal: abort.signal,
      home,
      scratch,
      force: environment.PIPEGEN_FORCE === '1',
      environment,
      secret: (variable) => readSecret(environment, variable),
      redact,
    };
    log.info(
      { event: 'step_started', partitions: identity.partitions, try_number: identity.tryNumber },
      `${step} began`,
    );
    const run = await STEP_FUNCTIONS[step]();
    const result = await runStep(context, step, run, environment.PIPEGEN_REPLAY === '1');
    if (crashed !== undefined) throw crashed;
    return result.nothing ? EXIT.nothing : EXIT.done;
  } catch (error) {
    const failure = crashed ?? (abort.signal.aborted ? stopped() : error);
    const exit = failure instanceof StepError ? failure.exit : EXIT.defect;
    const message = failure instanceof Error ? failure.message : String(failure);
    const defect =
      failure instanceof StepError || !(failure instanceof Error) ? {} : { stack: failure.stack };
    log.error({ event: 'step_failed', exit, ...defect }, message);
    writeTerminationMessage(redact(`${group === undefined ? step : groupInWords(group)}: ${message}`));
    return exit;
  } finally {
    clearInterval(heartbeat);
    process.off('SIGTERM', stop).off('SIGINT', stop);
    process.off('unhandledRejection', crash).off('uncaughtException', crash);
    // Merely looking at stdin opens it, and a container may have none.
    if (environment.PIPEGEN_STOP_WITH_STDIN === '1') process.stdin.off('end', stop).off('error', stop);
    rmSync(scratch, { recursive: true, force: true });
    release();
  }
}

/** With another number of groups some slices would be read twice, and others not at all. */
function requireShared({ extract }: Job, { of }: SliceGroup): void {
  const pods = podsOf(extract?.slices);
  if (of === pods) return;
  throw configuration(
    `this is one of ${of} groups of slices, and slices.pods of the job is ${pods}: build the DAG again`,
  );
}

/** `pipegen run` holds our stdin open: when it is gone, killed even, so are we. */
function stopWithStdin(stop: () => void): void {
  process.stdin.once('end', stop).once('error', stop).resume();
  // On a pipe it is a socket, which would keep the process alive.
  (process.stdin as { unref?: () => void }).unref?.();
}

/**
 * Where the job's relative paths start. Airflow's BashOperator works in a temporary folder that it removes, so a
 * relative path must not silently mean that one.
 */
function homeOf(job: Job, environment: NodeJS.ProcessEnv): string {
  if (environment.PIPEGEN_HOME) return resolve(environment.PIPEGEN_HOME);
  const paths = [
    job.store.kind === 'files' ? job.store.root : undefined,
    job.warehouse.kind === 'duckdb' ? job.warehouse.path : authFile(job.warehouse.auth),
    job.dbt !== undefined && job.dbt.runner !== 'dbt_cloud' ? job.dbt.project : undefined,
    Object.keys(job.handlers ?? {})[0],
  ];
  const relative = paths.find((path) => path !== undefined && !isAbsolute(path));
  if (relative === undefined) return process.cwd();
  throw configuration(
    `PIPEGEN_HOME is not set, so "${relative}" is relative to nothing: set it to the folder of pipelines.yaml in the environment of the Airflow worker`,
  );
}
