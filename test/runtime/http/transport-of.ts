import {
  createTransport,
  type TransportOptions,
} from '../../../src/runtime/adapters/http/create-transport.ts';
import type { PageAnswer, PageRequest } from '../../../src/runtime/adapters/http/transport.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { httpSource } from '../../../src/spec/http-source.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** Every secret is found in the environment variable of its name. */
export const SECRETS: Readonly<Record<string, string>> = {
  API_KEY: 'k/+=%é" 0123456789',
  TOKEN: 'token/+=%0123456789abcdef',
  CLIENT_ID: 'client:é/1',
  CLIENT_SECRET: 'hidden/+=%é" 0123456789',
};

export interface Ask extends Partial<Omit<PageRequest<PageAnswer>, 'url'>> {
  url: string;
}

/** Asks an API of a source in YAML's words; every answer is accepted. */
export function transportOf(
  source: Record<string, unknown>,
  options: Partial<Omit<TransportOptions, 'source'>> = {},
): (ask: Ask) => Promise<PageAnswer> {
  const transport = createTransport({
    source: httpSource.parse({ kind: 'http', ...source }),
    secret: (variable) => SECRETS[variable] ?? '',
    redact: createRedactor(Object.values(SECRETS)),
    clock: createVirtualClock(),
    random: () => 0.5,
    environment: {},
    ...options,
  });
  return ({ url, ...other }) =>
    transport.send({
      url: new URL(url),
      method: 'GET',
      headers: {},
      body: undefined,
      format: 'json',
      signal: new AbortController().signal,
      onRequest: () => undefined,
      accept: (answer) => answer,
      ...other,
    });
}
