import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProject, filesBelow, finish, type Project, REPOSITORY } from './project.ts';

const DAY = '2026-01-31';
const TOKEN = 'k/+=%é"-a-token-of-the-erp';
const PAGE = 2;

interface Order {
  number: string;
  status?: string;
  lines: { amount: number }[];
}

const ORDERS: Order[] = [
  { number: 'A1', lines: [{ amount: 10 }, { amount: 2.5 }] },
  { number: 'A2', status: 'draft', lines: [{ amount: 1 }] },
  { number: 'A3', lines: [{ amount: 4 }] },
  { number: 'A4', lines: [{ amount: 5 }, { amount: 6 }, { amount: 7 }] },
  { number: 'A5', lines: [] },
];

/** The ERP of the documentation; `fail` says which requests, from 1, are answered 500. */
async function startErp(orders: readonly Order[] = ORDERS, fail: (request: number) => boolean = () => false) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://erp');
    const after = searchParams.get('after') ?? '';
    asked.push(after);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end('{}');
    if (fail(asked.length)) return void response.writeHead(500).end('{}');
    const page = orders.filter(({ number }) => number > after).slice(0, PAGE);
    response.end(JSON.stringify({ orders: page, count: orders.length }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** The code blocks of docs/handlers.md that name a file in their first line, as a project. */
function documented(): Project {
  const project = createProject({ dbt: false });
  const text = readFileSync(join(REPOSITORY, 'docs/handlers.md'), 'utf8');
  const blocks = [...text.matchAll(/```(?:yaml|ts)\n(?:#|\/\/) (\S+)\n([\s\S]*?)```/g)];
  for (const [, file = '', code = ''] of blocks) write(project, file, code);
  expect(blocks.map(([, file]) => file)).toEqual([
    'pipelines.yaml',
    'handlers/orders.ts',
    'handlers/lines.ts',
  ]);
  return project;
}

function write(project: Project, file: string, text: string): void {
  mkdirSync(dirname(join(project.folder, file)), { recursive: true });
  writeFileSync(join(project.folder, file), text);
}

function edit(project: Project, file: string, change: (text: string) => string): void {
  const path = join(project.folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** `pipegen …` with the secret and the address of the ERP. */
async function pipegen(project: Project, erp: { url: string } | undefined, ...args: string[]) {
  process.env.ERP_TOKEN = TOKEN;
  process.env.PIPEGEN_VAR_ERP_URL = erp?.url ?? '';
  try {
    return await finish(project.start(args));
  } finally {
    delete process.env.ERP_TOKEN;
    delete process.env.PIPEGEN_VAR_ERP_URL;
  }
}

const run = (project: Project, erp: { url: string }, ...more: string[]) =>
  pipegen(project, erp, 'run', 'order_lines', '--date', DAY, ...more);

test('the example of the documentation reads, makes rows, loads, and leaks no secret', async () => {
  await using project = documented();
  const erp = await startErp([...ORDERS, { number: 'A6', lines: [{ amount: -1 }] }]);
  expect((await pipegen(project, erp, 'lint')).stdout).toContain('nothing to say');
  const ended = await run(project, erp, '--format', 'json');
  const [partition] = JSON.parse(ended.stdout).partitions;
  expect(partition.steps.filter(({ status }: { status: string }) => status !== 'done')).toEqual([]);
  expect(ended.exit).toBe(0);
  const upload = partition.steps.find(({ step }: { step: string }) => step === 'upload');
  expect(upload.rows).toMatchObject({
    received: 6,
    expanded: 3,
    published: 6,
    quarantined: 1,
    duplicates: 0,
    filtered: 2,
  });
  expect(await project.query('SELECT order_number, line, amount FROM raw.order_lines ORDER BY 1, 2')).toEqual(
    [
      ['A1', '1', 10],
      ['A1', '2', 2.5],
      ['A3', '1', 4],
      ['A4', '1', 5],
      ['A4', '2', 6],
      ['A4', '3', 7],
    ],
  );
  expect(erp.asked).toEqual(['', 'A2', 'A4', 'A6']);
  for (const { bytes } of filesBelow(project.folder)) expect(bytes.includes(TOKEN)).toBe(false);
  expect(`${ended.stdout}${ended.stderr}`).not.toContain(TOKEN);

  const shown = await pipegen(project, erp, 'preview', 'order_lines', '--partition', DAY);
  expect(shown.stdout).toMatch(/^2026-01-31 +A1 +2 +2\.5$/m);
  expect(shown.stdout).toContain(
    '2 records came, 2 would be published, 0 quarantined, 0 duplicates, 1 filtered, 1 added by the transform',
  );
});

test('a retry goes on at the last checkpoint', async () => {
  await using project = documented();
  project.edit((spec) => {
    spec.sources.erp.retry = { attempts: 1 };
  });
  const erp = await startErp(ORDERS, (request) => request === 3);
  const first = await run(project, erp);
  expect(first.exit).toBe(1);
  expect(first.stdout).toContain('extract of 2026-01-31 failed (exit 75)');
  const second = await run(project, erp);
  expect(second.exit).toBe(0);
  expect(second.stdout).toMatch(/^ *partition +received +expanded +published +quarantined/m);
  expect(second.stdout).toMatch(/^ *2026-01-31 +5 +3 +6 +0 +0 +2 +6$/m);
  expect(erp.asked).toEqual(['', 'A2', 'A4', 'A4', 'A5']);
  expect(await project.query('SELECT count(*) FROM raw.order_lines')).toEqual([['6']]);
});

test('killed between two batches, a run goes on after what landed', async () => {
  await using project = documented();
  const kill = `for (;;) {
    if (after === 'A4' && !existsSync('killed')) {
      writeFileSync('killed', '');
      process.kill(process.pid, 'SIGKILL');
    }`;
  edit(
    project,
    'handlers/orders.ts',
    (text) => `import { existsSync, writeFileSync } from 'node:fs';\n${text.replace('for (;;) {', kill)}`,
  );
  const erp = await startErp();
  expect((await run(project, erp)).stdout).toContain('the process ended with 137');
  expect((await run(project, erp)).exit).toBe(0);
  expect(erp.asked).toEqual(['', 'A2', 'A4', 'A5']);
  expect(await project.query('SELECT count(*) FROM raw.order_lines')).toEqual([['6']]);
});

test('a handler’s mistake ends with 78, its file and its line', async () => {
  await using project = documented();
  edit(project, 'handlers/orders.ts', (text) => text.replace('page.orders.at(-1)', 'page.order.at(-1)'));
  const erp = await startErp();
  const { exit, stdout } = await run(project, erp);
  expect(exit).toBe(1);
  expect(stdout).toMatch(
    /failed \(exit 78\): handlers\/orders\.ts:17:\d+: handlers\/orders\.ts#readOrders threw TypeError/,
  );
});

test('a promise that nobody waits for ends the step with 78 and prints no secret', async () => {
  await using project = documented();
  edit(project, 'handlers/orders.ts', (text) =>
    text.replace(
      'for (;;) {',
      'for (;;) {\n    Promise.reject(new Error(`lost ${secret("token")}`));\n    await new Promise((resolve) => setTimeout(resolve, 50));',
    ),
  );
  const erp = await startErp();
  const { exit, stdout, stderr } = await run(project, erp);
  expect(exit).toBe(1);
  expect(stdout).toMatch(/failed \(exit 78\): handlers\/orders\.ts:13:\d+: Error: lost \*\*\*, in a promise/);
  expect(`${stdout}${stderr}`).not.toContain(TOKEN);
});

test('a changed handler changes the DAG, and a step refuses what its DAG was not built with', async () => {
  await using project = documented();
  const erp = await startErp();
  expect((await pipegen(project, erp, 'build')).exit).toBe(0);
  edit(project, 'handlers/lines.ts', (text) => text.replace('index + 1', 'index + 2'));
  const checked = await pipegen(project, erp, 'build', '--check');
  expect(checked.exit).toBe(1);
  expect(checked.stdout).toContain('drift generated/local/dags/order_lines.py');
  const diff = await pipegen(project, erp, 'diff');
  expect(diff.stdout).toContain('handlers/lines.ts');
});

test.each([
  ['handlers/orders.ts#readOrder', 'handler-not-exported', 'did you mean "readOrders"'],
  ['handlers/none.ts#readOrders', 'handler-missing', 'start at the folder of the spec'],
  ['handlers/lines.ts#lines', 'handler-wrong-signature', 'write a source as'],
])('lint finds %s', async (handler, name, help) => {
  await using project = documented();
  project.edit((spec) => {
    spec.sources.erp.handler = handler;
  });
  const { exit, stdout } = await pipegen(project, undefined, 'lint');
  expect(exit).toBe(1);
  expect(stdout).toContain(name);
  expect(stdout).toContain(help);
});
