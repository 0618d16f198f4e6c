import type { IncomingMessage } from 'node:http';
import type { FaultList } from './faults.ts';
import type { Reply } from './reply.ts';
import type { RequestRecord } from './request-log.ts';

/** Where other processes steer a stand-in; the real API has no such paths. */
export const CONTROL_PREFIX = '/_stand-in/';

const MOST_BYTES = 1_048_576;

/** `PUT /_stand-in/faults` replaces the faults, `GET /_stand-in/requests` lists what was asked so far. */
export async function control(
  request: IncomingMessage,
  path: string,
  faults: FaultList,
  requests: readonly RequestRecord[],
): Promise<Reply> {
  switch (`${request.method} ${path}`) {
    case 'GET /_stand-in/requests':
      return { status: 200, body: JSON.stringify(requests) };
    case 'PUT /_stand-in/faults':
      try {
        faults.set(await readJson(request));
        return { status: 204, body: '' };
      } catch (error) {
        return refused(400, 'invalid_faults', error instanceof Error ? error.message : String(error));
      }
    default:
      return refused(
        404,
        'unknown_control',
        'There is no such control. Use PUT /_stand-in/faults or GET /_stand-in/requests.',
      );
  }
}

function refused(status: number, code: string, message: string): Reply {
  return { status, body: JSON.stringify({ error: { code, message } }) };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('the body is longer than 1 MiB');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('the body is not JSON; send a list of faults, [] for none', { cause: error });
  }
}
