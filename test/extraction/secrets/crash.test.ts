import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/spec/exit-codes.ts';
import { type Job, job as jobSchema } from '../../../src/spec/job.ts';
import { json, startApi } from '../../runtime/http/api.ts';
import { jobOf, openRig } from '../rig.ts';
import { foundIn, tracesOf } from './forms.ts';
import { openLeakproof } from './step-that-leaks-nothing.ts';

const SECRET = 'k/+=%é"-0123456789abcdef';
/** So much of it tells it as well. */
const HALF = SECRET.slice(0, 15);

const FILE = 'handlers/source.ts';

/** Code of a handler that knows its address with the key in it, as \`url\`, and the key itself. */
function handler(body: string): string {
  return `import { BadData, Configuration, Temporary } from 'pipegen/handlers';
export async function* read({ secret, log }: any) {
  const key = secret('token');
  const url = \`https://api.test/list?key=\${encodeURIComponent(key)}&plain=\${key}\`;
  const header = \`Basic \${Buffer.from(\`zoë:\${key}\`).toString('base64')}\`;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
  ${body}
}
`;
}

function write(home: string, code: string): Job {
  mkdirSync(join(home, 'handlers'));
  writeFileSync(join(home, FILE), code);
  return jobSchema.parse({
    ...jobOf('http://127.0.0.1:1'),
    extract: { source: { kind: 'handler', handler: `${FILE}#read`, secrets: { token: 'SECRET' } } },
    handlers: { [FILE]: hash('sha256', code).slice(0, 16) },
  });
}

const CRASHES: [name: string, exit: number, body: string][] = [
  ['an error', EXIT.configuration, 'throw new Error(`GET ${url} failed, with ${header}`);'],
  ['a text', EXIT.configuration, 'throw url;'],
  ['an object', EXIT.configuration, 'throw { url, header, toString: () => url };'],
  [
    'an error with the request in it',
    EXIT.configuration,
    'throw Object.assign(new TypeError(url, { cause: new Error(url) }), { config: { url, headers: { header } } });',
  ],
  ['several errors', EXIT.configuration, 'throw new AggregateError([new Error(url)], url);'],
  ['an error that says it is temporary', EXIT.temporary, 'throw new Temporary(url);'],
  ['an error about the data', EXIT.badData, 'throw new BadData(url);'],
  ['an error about the configuration', EXIT.configuration, 'throw new Configuration(url);'],
  [
    'a very long error, cut in the middle of the key',
    EXIT.configuration,
    `throw new Error('x'.repeat(${500 - HALF.length}) + key);`,
  ],
  [
    'a promise that nobody waits for',
    EXIT.configuration,
    'void Promise.reject(new Error(url)); await pause();',
  ],
  ['a text as the reason of such a promise', EXIT.defect, 'void Promise.reject(url); await pause();'],
  ['a callback', EXIT.configuration, 'setTimeout(() => { throw new Error(url); }, 1); await pause();'],
  [
    'a callback after the end',
    EXIT.done,
    'setTimeout(() => { throw new Error(url); }, 3000); yield { records: [{ id: 1 }] };',
  ],
  [
    'a timer without an end',
    EXIT.done,
    'setInterval(() => undefined, 1000); yield { records: [{ id: 1 }] };',
  ],
  ['a log', EXIT.done, 'log.info(url, { url, list: [header] }); yield { records: [{ id: 1 }] };'],
  [
    'what it prints',
    EXIT.done,
    'console.log(url, { header }); console.error(key); process.emitWarning(url); process.stdout.write(Buffer.from(key)); await pause(); yield { records: [{ id: 1 }] };',
  ],
  ['a record', EXIT.done, 'yield { records: [{ id: 1, url, header, key }], checkpoint: { url } };'],
];

describe('a handler with the key in its hands leaves it nowhere', () => {
  test.each(CRASHES)('%s', async (_, exit, body) => {
    using leakproof = openLeakproof([...tracesOf(SECRET), HALF]);
    const job = write(leakproof.home, handler(body));
    const { exit: code, stdout, stderr } = await leakproof.run('extract', job, { SECRET });
    expect(code, stdout + stderr).toBe(exit);
  });

  test('an error of its module as it is imported', async () => {
    using leakproof = openLeakproof([...tracesOf(SECRET), HALF]);
    const code = `throw new Error('x'.repeat(${500 - HALF.length}) + process.env.SECRET);\nexport async function* read() {}\n`;
    const job = write(leakproof.home, code);
    expect((await leakproof.run('extract', job, { SECRET })).exit).toBe(EXIT.configuration);
  });
});

test('a transform that throws with the key in its message: not in the rows set aside either', async () => {
  const api = await startApi((_, response) => json(response, { data: [{ id: 1 }, { id: 2 }] }));
  const secret = SECRET.replace('é', 'e');
  const forbidden = [...tracesOf(secret), secret.slice(0, 15)];
  using leakproof = openLeakproof(forbidden);
  const code = `export const rows = ({ id }) => { throw new Error('x'.repeat(id === 1 ? 0 : ${500 - HALF.length}) + process.env.SECRET); };\n`;
  const job = jobSchema.parse({
    ...jobOf(api.url, { source: { auth: { kind: 'bearer', secret: 'SECRET' } } }),
    transform: `${FILE}#rows`,
    handlers: { [FILE]: hash('sha256', code).slice(0, 16) },
  });
  mkdirSync(join(leakproof.home, 'handlers'));
  writeFileSync(join(leakproof.home, FILE), code);
  const environment = { SECRET: secret };
  expect((await leakproof.run('extract', job, environment)).exit).toBe(EXIT.done);
  const { exit, stdout } = await leakproof.run('upload', job, environment);
  expect(exit, stdout).toBe(EXIT.done);
  using rig = openRig(job, { root: leakproof.home });
  const aside = JSON.stringify(await rig.aside('value', 'record'));
  expect(aside).toContain('***');
  expect(foundIn(Buffer.from(aside), forbidden)).toEqual([]);
});

/** A defect of ours, in the middle of a request: nobody waits for it, and its message has the address. */
const DEFECT = `
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
const { request } = http;
http.request = (options, ...rest) => {
  setImmediate(() => { FAIL });
  return request(options, ...rest);
};
syncBuiltinESMExports();`;

test.each([
  ['an error', 'throw new Error(`in the request of ${options.path}`);'],
  ['a rejection', 'Promise.reject(new RangeError(options.path));'],
])('a defect: %s that nobody catches, with the address in it', async (_, fail) => {
  const api = await startApi(() => undefined);
  using leakproof = openLeakproof(tracesOf(SECRET));
  const job = jobOf(api.url, {
    source: { auth: { kind: 'api_key', in: 'query', name: 'key', secret: 'SECRET' } },
  });
  const hook = `--import data:text/javascript,${encodeURIComponent(DEFECT.replace('FAIL', fail))}`;
  const { exit, stdout } = await leakproof.run('extract', job, { SECRET }, hook);
  expect(exit, stdout).toBe(EXIT.defect);
  expect(stdout).toContain('key=***');
});
