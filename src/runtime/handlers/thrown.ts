import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOf } from '../../handlers/handlers.ts';
import { EXIT } from '../../spec/exit-codes.ts';
import { StepError } from '../errors.ts';

/** Before a text is cut: half a secret would not be found any more. */
type Redact = (text: string) => string;

/** Codes of Node and its fetch for trouble with the network that may be over soon. */
const NETWORK =
  /^(E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

const EXITS = { temporary: EXIT.temporary, bad_data: EXIT.badData, configuration: EXIT.configuration };

/**
 * What an error out of a handler means for the step: what its class says; temporary where it has the code of a
 * network's trouble; else configuration. A mistake in the project's code is not a defect of pipegen (70), whose
 * authors could do nothing about it: a person of the project must change something, and a retry changes nothing.
 */
export function handlerFailure(error: unknown, reference: string, home: string, redact: Redact): StepError {
  if (error instanceof StepError) return error;
  const end = endOf(error);
  const place = placeOf(error, home);
  const at = place === undefined ? reference : `${place}: ${reference}`;
  if (end !== undefined)
    return new StepError(EXITS[end], `${at}: ${messageOf(error, redact)}`, { cause: error });
  const code = networkCode(error);
  if (code !== undefined) {
    const message = `${at} threw ${describeThrown(error, redact)} (${code}). Try again later`;
    return new StepError(EXIT.temporary, message, { cause: error });
  }
  const message = `${at} threw ${describeThrown(error, redact)}. Correct the handler, or let it throw Temporary, BadData or Configuration of pipegen/handlers`;
  return new StepError(EXIT.configuration, message, { cause: error });
}

/** An error that nobody waited for: of a handler where it comes out of the project's files, else a defect of ours. */
export function strayFailure(error: unknown, home: string, redact: Redact): StepError {
  const place = placeOf(error, home);
  if (place === undefined) {
    return new StepError(EXIT.defect, `an error that nobody caught: ${describeThrown(error, redact)}`, {
      cause: error,
    });
  }
  const message = `${place}: ${describeThrown(error, redact)}, in a promise or callback that the handler does not wait for. Await it, or catch its errors`;
  return new StepError(EXIT.configuration, message, { cause: error });
}

/** Name and first line of what was thrown, such as `TypeError: x is not a function`. */
export function describeThrown(error: unknown, redact: Redact): string {
  if (!(error instanceof Error)) return redact(`${typeof error} ${String(error)}`).slice(0, 500);
  return `${error.name}: ${messageOf(error, redact)}`;
}

/** The first frame of its stack that is a file of the project: `handlers/erp.ts:12:9`; undefined where none is. */
export function placeOf(error: unknown, home: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const [, file = '', line, column] of stack.matchAll(/((?:file:\/\/)?\/[^\s():]+):(\d+)(?::(\d+))?/g)) {
    const path = relative(home, file.startsWith('file:') ? fileURLToPath(file) : file);
    if (path.startsWith('..') || path.startsWith('node_modules/')) continue;
    return `${path}:${line}${column === undefined ? '' : `:${column}`}`;
  }
  return undefined;
}

function messageOf(error: unknown, redact: Redact): string {
  const text = error instanceof Error ? error.message : String(error);
  return (redact(text).split('\n')[0] ?? '').slice(0, 500);
}

function networkCode(error: unknown): string | undefined {
  // fetch wraps what happened into "fetch failed".
  for (let one = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth += 1) {
    const { code } = one as { code?: unknown };
    if (typeof code === 'string' && NETWORK.test(code)) return code;
  }
  return undefined;
}
