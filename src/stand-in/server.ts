import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Accounts } from './accounts.ts';
import { type Answer, apiError, errorAnswer } from './api-error.ts';
import { CONTROL_PREFIX, control } from './control.ts';
import { FlightArchive } from './data/archive.ts';
import { type Fault, FaultList, type Struck } from './faults.ts';
import { answerFlights, type FlightsApi } from './flights.ts';
import { resolveOptions, type StandInOptions } from './options.ts';
import { type Reply, send } from './reply.ts';
import { type RequestRecord, record } from './request-log.ts';

export type { Fault, FaultAction } from './faults.ts';
export type { StandInOptions } from './options.ts';
export { INACTIVE_KEY, PLANS, type Plan, WELL_KNOWN_KEYS } from './plans.ts';
export type { RequestRecord } from './request-log.ts';

export interface StandIn {
  /** What a source's `base_url` is: `http://127.0.0.1:PORT/v1`. */
  url: string;
  /** An access key for the chosen plan. */
  key: string;
  /** Every request so far to a path of the API, in order of arrival. */
  requests: RequestRecord[];
  /** Replaces all faults, and what they have counted. Throws when one is not well-formed. */
  setFaults(faults: Fault[]): void;
  /** Stops listening and closes every connection, answered or not. */
  close(): Promise<void>;
}

const FLIGHTS_PATH = '/v1/flights';

/**
 * Starts a server that answers as AviationStack does, with flights of its own making.
 * Rejects when an option is wrong or the port is taken.
 */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const resolved = resolveOptions(options);
  const accounts = new Accounts(resolved.plan, resolved);
  const archive = new FlightArchive(resolved.seed, resolved.flightsPerAirlineAndDay);
  const api: FlightsApi = { accounts, archive, overLimit: resolved.overLimit };
  const faults = new FaultList();
  faults.set(resolved.faults);
  const requests: RequestRecord[] = [];
  const closing = new AbortController();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { path, parameters } = target(request);
    if (path.startsWith(CONTROL_PREFIX)) {
      return send(request, response, await control(request, path, faults, requests));
    }
    const entry = record(requests, path, parameters);
    const struck = faults.strike(path, parameters);
    entry.faults = struck.kinds;
    if (struck.delay > 0) await sleep(struck.delay, undefined, { signal: closing.signal });
    if (struck.ending?.kind === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const today = resolved.today ?? new Date().toISOString().slice(0, 10);
    const usual = () => answer(api, request.method, path, parameters, today, struck);
    const reply = spoiled(struck.ending, usual);
    entry.status = reply.status;
    await send(request, response, reply);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (closing.signal.aborted || response.headersSent) return void response.destroy();
      response
        .writeHead(500, { 'content-type': 'text/plain' })
        .end(`a defect of the stand-in: ${String(error)}\n`);
    });
  });
  // Longer than a client keeps a connection: it must not meet a closed one between two pages.
  server.keepAliveTimeout = 120_000;
  const { port } = await listen(server, resolved.host, resolved.port);

  return {
    url: `http://${reachable(resolved.host)}:${port}/v1`,
    key: accounts.key,
    requests,
    setFaults: (list) => faults.set(list),
    async close() {
      closing.abort();
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  api: FlightsApi,
  method: string | undefined,
  path: string,
  parameters: Record<string, string>,
  today: string,
  struck: Struck,
): Answer {
  if (method !== 'GET' && method !== 'HEAD') return apiError('404_not_found');
  if (path !== FLIGHTS_PATH) {
    return apiError(path.startsWith('/v1/') ? 'invalid_api_function' : '404_not_found');
  }
  const { cap, total, ending } = struck;
  return answerFlights(api, parameters, today, { cap, total, empty: ending?.kind === 'empty' });
}

/** The usual answer, or what a fault makes of it. */
function spoiled(ending: Struck['ending'], usual: () => Answer): Reply {
  switch (ending?.kind) {
    case 'error':
      return {
        ...errorAnswer(ending.status, ending.code),
        headers: ending.retryAfter === undefined ? {} : { 'retry-after': ending.retryAfter },
      };
    case 'ok_error':
      return errorAnswer(200, ending.code);
    case 'body':
      return { status: ending.status, body: ending.body, contentType: ending.contentType };
    case 'truncate':
      return { ...usual(), truncate: true };
    default:
      return usual();
  }
}

/** Not by `URL`: it refuses some request lines, and a server must answer them too. */
function target(request: IncomingMessage): { path: string; parameters: Record<string, string> } {
  const [path = '/', ...rest] = (request.url ?? '/').split('?');
  return { path, parameters: Object.fromEntries(new URLSearchParams(rest.join('?'))) };
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken =
        error.code === 'EADDRINUSE' ? ': the port is in use; choose another, or 0 for a free one' : '';
      reject(new Error(`the stand-in cannot listen on ${host}:${port}${taken}`, { cause: error }));
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

/** How a client on this machine reaches an address that a server listens on. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
