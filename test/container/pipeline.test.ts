import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEPS } from '../../src/spec/steps.ts';
import { type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { createProject, filesBelow, type Project, REPOSITORY } from '../run/project.ts';
import { type Engine, findTool, openEngine } from './container.ts';
import { runStep } from './steps.ts';

const DAY = '2026-01-31';
const MART = 'analytics.partner_daily_performance';
/** Its example, whose code blocks name their files in the first line. */
const HANDLERS = readFileSync(join(REPOSITORY, 'docs/handlers.md'), 'utf8');
/** Half of what a pod gets unless told. */
const SMALL = { flags: ['--memory=512m', '--cpus=1'] };
const found = findTool();

describe.skipIf('missing' in found)('the reference pipeline in containers', () => {
  let engine: Engine;
  let standIn: StandIn;
  let here: { flights: string[]; mart: string[] };

  beforeAll(async () => {
    if ('missing' in found) return;
    engine = openEngine(found.tool);
    standIn = await startStandIn({ today: '2026-02-05' });
    await using project = createProject({ dbt: true });
    const { exit, stderr } = await project.run(['flights', '--date', DAY], standIn);
    expect(exit, stderr).toBe(0);
    here = { flights: await project.rows('raw.flights'), mart: await project.rows(MART) };
  });

  afterAll(() => standIn?.close());

  it('comes to the rows of `pipegen run`, step by step, in half a gigabyte and with nothing writable but /tmp and its volume', async () => {
    await using project = createProject({ dbt: true });
    for (const step of STEPS) {
      if (step === 'dbt') await tooSmall(project);
      const { exit, stdout, stderr } = await runStep(engine, step, { project, date: DAY, standIn }, SMALL);
      expect({ step, exit, said: exit === 0 ? '' : stdout + stderr }).toEqual({ step, exit: 0, said: '' });
      expect(stderr).toBe('');
      expect(stdout).not.toContain(standIn.key);
    }
    expect(await project.rows('raw.flights')).toEqual(here.flights);
    expect(await project.rows(MART)).toEqual(here.mart);
    for (const { path, bytes } of filesBelow(project.folder)) {
      expect(bytes.includes(standIn.key), path).toBe(false);
    }
  });

  /** Enough for the step, and too little for the Python of dbt: the kernel kills that. */
  async function tooSmall(project: Project): Promise<void> {
    const flags = ['--memory=136m', '--memory-swap=136m'];
    const { exit, stdout } = await runStep(engine, 'dbt', { project, date: DAY, standIn }, { flags });
    expect(stdout).toContain('steps.dbt.resources.memory');
    expect(exit).toBe(75);
  }

  it('runs handlers as they stand, with what they import by the name of the package', async () => {
    await using project = createProject({ dbt: false });
    for (const [, file = '', code = ''] of HANDLERS.matchAll(
      /```(?:yaml|ts)\n(?:#|\/\/) (\S+)\n([\s\S]*?)```/g,
    )) {
      mkdirSync(dirname(join(project.folder, file)), { recursive: true });
      writeFileSync(join(project.folder, file), code);
    }
    const erp = createServer((request, response) => {
      const first = new URL(request.url ?? '/', 'http://erp').searchParams.get('after') === '';
      const orders = first ? [{ number: 'A1', lines: [{ amount: 10 }, { amount: 2.5 }] }] : [];
      response.end(JSON.stringify({ orders, count: 1 }));
    });
    erp.listen(0, '127.0.0.1');
    await once(erp, 'listening');
    try {
      for (const step of ['extract', 'upload', 'load', 'check']) {
        const { exit, stdout } = await runStep(
          engine,
          step,
          { project, pipeline: 'order_lines', date: DAY },
          {
            image: 'slim',
            mounts: { [join(project.folder, 'handlers')]: '/app/handlers' },
            environment: {
              ERP_TOKEN: 'a-token-of-the-erp',
              PIPEGEN_VAR_ERP_URL: `http://127.0.0.1:${(erp.address() as AddressInfo).port}`,
            },
          },
        );
        expect({ step, exit, said: exit === 0 ? '' : stdout }).toEqual({ step, exit: 0, said: '' });
      }
    } finally {
      erp.closeAllConnections();
      erp.close();
    }
    const rows = await project.query('SELECT order_number, line, amount FROM raw.order_lines ORDER BY 2');
    expect(rows).toEqual([
      ['A1', '1', 10],
      ['A1', '2', 2.5],
    ]);
  });
});

if ('missing' in found) {
  const { missing } = found;
  it('needs a container tool', ({ skip }) => skip(missing));
}
