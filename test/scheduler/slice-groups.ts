import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'vitest';
import { type Mounted, type Served, serve } from '../extraction/api-server.ts';
import { AIRLINES, ALL_IDS, airlineOf, answer } from '../extraction/groups/rig.ts';
import { json } from '../runtime/http/api.ts';
import type { Scheduler } from './scheduler.ts';

const RUNTIME = fileURLToPath(new URL('../../bin/pipegen-runtime.js', import.meta.url));
const DAG = 'groups';
/** Of group 2 of 4: what the API has not at first. */
const LATE = 'DL 4';

const PAGES = AIRLINES.flatMap((airline) =>
  (airline === 'JL' ? [0] : [0, 2, 4]).map((offset) => `${airline} ${offset}`),
);

/** What an Airflow must have for the DAG of `groups.yaml`: an API that counts, and a folder to work in. */
export class SliceGroups implements AsyncDisposable {
  readonly #server: Served;
  readonly #api: Mounted;
  readonly #home = mkdtempSync(join(tmpdir(), 'pipegen-groups-'));
  #late = true;
  /** The airline that the key is not good for. */
  #forbidden: string | undefined;

  private constructor(server: Served) {
    this.#server = server;
    this.#api = server.mount((asked, response) => {
      if (airlineOf(asked.url) === this.#forbidden) json(response, { message: 'not yours' }, 403);
      else if (this.#late && pageOf(asked) === LATE) json(response, { message: 'not now' }, 503);
      else answer(asked, response);
    });
  }

  static async open(): Promise<SliceGroups> {
    return new SliceGroups(await serve());
  }

  get environment(): NodeJS.ProcessEnv {
    const { url } = this.#api;
    return { NODE: process.execPath, RUNTIME, PIPEGEN_HOME: this.#home, PIPEGEN_VAR_API: url };
  }

  /** A group that fails once is retried alone, and one that is cleared is read alone anew. */
  async retryAndClear(airflow: Scheduler): Promise<void> {
    const run = 'retried';
    await airflow.airflow('dags', 'unpause', DAG);
    await airflow.trigger(DAG, run, '2025-06-01');
    await airflow.until('the page that is not there', () => this.#asked().includes(LATE));
    this.#late = false;
    expect(await airflow.ended(DAG, run)).toBe('success');
    expect(instances(airflow, run)).toEqual(['success', 'success', 'success', 'success'].map(untouched));
    const asked = this.#asked();
    expect(asked.toSorted()).toEqual([...PAGES, LATE].sort());
    expect(await this.#rows()).toEqual(ALL_IDS);

    await airflow.clearInstance(DAG, run, 'extract', 3);
    expect(await airflow.ended(DAG, run)).toBe('success');
    expect(this.#asked().slice(asked.length).sort()).toEqual(PAGES.filter((page) => /^(NH|QF)/.test(page)));
    expect(instances(airflow, run).map(({ most }) => most)).toEqual([1, 1, 1, 2]);
    expect(await this.#rows()).toEqual(ALL_IDS);
  }

  /** A group that no retry can mend is tried once, nothing after it runs, and once mended it is cleared alone. */
  async failForGood(airflow: Scheduler): Promise<void> {
    const run = 'forbidden';
    const before = this.#asked().length;
    this.#forbidden = 'LH';
    await airflow.trigger(DAG, run, '2025-06-02');
    expect(await airflow.ended(DAG, run)).toBe('failed');
    expect(instances(airflow, run)).toEqual(['success', 'success', 'failed', 'success'].map(untouched));
    const others = PAGES.filter((page) => !page.startsWith('LH'));
    const asked = this.#asked();
    expect(asked.slice(before).sort()).toEqual([...others, 'LH 0'].sort());
    expect(statesOf(airflow, run, 'upload')).toEqual(['upstream_failed']);

    this.#forbidden = undefined;
    await airflow.clearInstance(DAG, run, 'extract', 2);
    expect(await airflow.ended(DAG, run)).toBe('success');
    expect(this.#asked().slice(asked.length).sort()).toEqual(PAGES.filter((page) => /^(JL|LH)/.test(page)));
    expect(statesOf(airflow, run, 'upload')).toEqual(['success']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    rmSync(this.#home, { recursive: true, force: true });
  }

  #asked(): string[] {
    return this.#api.asked.map(pageOf);
  }

  async #rows(): Promise<number[]> {
    const path = join(this.#home, 'groups.duckdb');
    const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
    const connection = await instance.connect();
    const rows = (await connection.runAndReadAll('SELECT id FROM raw.flights ORDER BY id')).getRows();
    connection.closeSync();
    instance.closeSync();
    return rows.map(([id]) => Number(id));
  }
}

/** `DL 4`: the airline, and how many records were before. */
function pageOf({ url }: { readonly url: URL }): string {
  return `${airlineOf(url)} ${url.searchParams.get('offset')}`;
}

/** The instances of extract: the tries that Airflow allows each grow when it is cleared. */
function instances(airflow: Scheduler, run: string): Record<string, unknown>[] {
  const rows = airflow.query(
    `select map_index as map, max_tries as most, state from task_instance
     where dag_id = '${DAG}' and task_id = 'extract' and run_id = '${run}' order by map_index`,
  );
  return rows.map((row) => ({ ...row }));
}

function untouched(state: string, map: number): Record<string, unknown> {
  return { map, most: 1, state };
}

function statesOf(airflow: Scheduler, run: string, task: string): unknown[] {
  const rows = airflow.query(
    `select state from task_instance where dag_id = '${DAG}' and task_id = '${task}' and run_id = '${run}'`,
  );
  return rows.map(({ state }) => state);
}
