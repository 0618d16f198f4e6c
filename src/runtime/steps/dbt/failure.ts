import { badData, configuration, type StepError, temporary } from '../../errors.ts';
import type { DbtDetails } from '../../receipt.ts';
import { failedNodes } from './results.ts';
import type { DbtEnd } from './run-dbt.ts';

/**
 * What only a person can mend on Snowflake: a sign-in that is refused, and an object, a warehouse or a right that is
 * missing. The connector calls each refused sign-in 250001, as it does one that nobody answers.
 */
const REFUSED =
  /Incorrect username|JWT token is invalid|Invalid OAuth|OAuth access token|is not granted to this user|is not allowed to access Snowflake|has been (locked|disabled|suspended)|private key|workload[_ ]identity|\b(390[12346]\d\d|0020[04]3|00300[13]|000606|000666|090073|09010[56])\b/i;
const TEMPORARY =
  /Could not set lock|Conflicting lock|No space left|Failed to connect|[Cc]onnection(Pool|Error| (reset|refused|aborted|closed|lost|timed|error|broken))|[Tt]imed? ?out|\b(25000[1-9]|29\d{4}|390(104|11\d)|000(603|604|625|630|707|709))\b/;
const COMPILATION = /Compilation Error/;
const CONFIGURATION =
  /Compilation Error|Parsing Error|Runtime Error|Dependency Error|Validation|Usage:|Error: (No such|Invalid|Got)|Permission denied/;
/** Sessions that ended, of which a new one is had by trying again. */
const EXPIRED = /\b390(104|11\d)\b/;

/** Fails where models or tests did: as bad data, unless every one of them failed for another reason. */
export function nodeFailure(details: DbtDetails): StepError {
  const failed = failedNodes(details);
  const reasons = failed.map(
    ({ unique_id, status, message }) => `${unique_id} ${status}: ${oneLine(message ?? '')}`,
  );
  const text = `${failed.length} of ${details.nodes.length} dbt nodes failed: ${reasons.join('; ')}`;
  // Of a test that found rows, the message is about the rows.
  const errors = failed.map(({ status, message }) => (status === 'fail' ? '' : (message ?? '')));
  const all = (is: (message: string) => boolean) => errors.every(is);
  if (all((message) => COMPILATION.test(message) || isRefused(message))) return configuration(text);
  if (all((message) => TEMPORARY.test(message) && !isRefused(message))) return temporary(text);
  return badData(text);
}

/** Fails where dbt ended before it ran a node, or was killed. */
export function earlyFailure({ code, signal, errors }: DbtEnd): StepError {
  const text = errors.map(oneLine).join(' ');
  if (signal === 'SIGKILL') {
    const said = text === '' ? '' : `. Before that it said: ${text}`;
    return temporary(
      `dbt was killed, as a system does that is out of memory: give the step more, in pods by steps.dbt.resources.memory${said}`,
    );
  }
  const message = `dbt ended with ${code ?? signal} before it built anything: ${text === '' ? 'it said nothing' : text}`;
  if (isRefused(text)) return configuration(message);
  if (TEMPORARY.test(text)) return temporary(message);
  return CONFIGURATION.test(text) ? configuration(message) : temporary(message);
}

function isRefused(text: string): boolean {
  return REFUSED.test(text) && !EXPIRED.test(text);
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
