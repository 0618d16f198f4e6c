import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { StepError } from '../../../src/runtime/errors.ts';
import { load } from '../../../src/runtime/steps/load.ts';
import { openRig, runOne } from '../upload/rig.ts';

/**
 * `node load-then-die.ts HOME WORK N`: loads in HOME and kills itself at once before its statement number N.
 * WORK is a file with `{ job, work }`. Where there were fewer statements, it ends as the step would.
 */
const [home = '', file = '', at = ''] = process.argv.slice(2);
const { job, work } = JSON.parse(readFileSync(file, 'utf8'));

let statements = 0;
const write = (line: string) => {
  if (!('sql' in JSON.parse(line))) return;
  statements += 1;
  if (statements === Number(at)) process.kill(process.pid, 'SIGKILL');
};
using rig = openRig(job, { log: pino({ level: 'debug' }, { write }) }, home);
try {
  await runOne(load, rig.context, work);
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  process.exitCode = error.exit;
}
