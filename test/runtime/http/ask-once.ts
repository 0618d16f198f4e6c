import { createTransport } from '../../../src/runtime/adapters/http/create-transport.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';
import { httpSource } from '../../../src/spec/http-source.ts';

/** Asks the address of the first argument, with what the environment of the process says of proxies and authorities. */
const [address = ''] = process.argv.slice(2);
const transport = createTransport({
  source: httpSource.parse({ kind: 'http', base_url: address, retry: { attempts: 1 } }),
  secret: () => '',
  redact: createRedactor([]),
});
try {
  const document = await transport.send({
    url: new URL(address),
    method: 'GET',
    headers: {},
    body: undefined,
    format: 'json',
    signal: new AbortController().signal,
    onRequest: () => undefined,
    accept: (answer) => answer.document,
  });
  process.stdout.write(JSON.stringify(document));
} catch (error) {
  process.stdout.write(String(error));
}
