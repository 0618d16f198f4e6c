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
const RUN = 'in_groups';
/** Of group 2 of 4: what the API has not at first. */
const LATE = 'DL 4';

/** What an Airflow must have for the DAG of `groups.yaml`: an API that counts, and a folder to work in. */
export class SliceGroups implements AsyncDisposable {
  readonly #server: Served;
  readonly #api: Mounted;
  readonly #home = mkdtempSync(join(tmpdir(), 'pipegen-groups-'));
  #late = true;

  private constructor(server: Served) {
    this.#server = server;
    this.#api = server.mount((asked, response) => {
      if (this.#late && pageOf(asked) === LATE) json(response, { message: 'not now' }, 503);
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
  async test(airflow: Scheduler): Promise<void> {
    await airflow.airflow('dags', 'unpause', DAG);
    await airflow.trigger(DAG, RUN, '2025-06-01');
    await airflow.until('the page that is not there', () => this.#asked().includes(LATE));
    this.#late = false;
    expect(await airflow.ended(DAG, RUN)).toBe('success');
    expect(instances(airflow)).toEqual([
      { map: 0, most: 1, state: 'success' },
      { map: 1, most: 1, state: 'success' },
      { map: 2, most: 1, state: 'success' },
      { map: 3, most: 1, state: 'success' },
    ]);
    const asked = this.#asked();
    const pages = AIRLINES.flatMap((airline) =>
      (airline === 'JL' ? [0] : [0, 2, 4]).map((offset) => `${airline} ${offset}`),
    );
    expect(asked.toSorted()).toEqual([...pages, LATE].sort());
    expect(await this.#rows()).toEqual(ALL_IDS);

    await airflow.clearInstance(DAG, RUN, 'extract', 3);
    expect(await airflow.ended(DAG, RUN)).toBe('success');
    expect(this.#asked().slice(asked.length).sort()).toEqual(pages.filter((page) => /^(NH|QF)/.test(page)));
    expect(instances(airflow).map(({ most }) => most)).toEqual([1, 1, 1, 2]);
    expect(await this.#rows()).toEqual(ALL_IDS);
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

/** The tries of extract that Airflow allows, which grow when one is cleared. */
function instances(airflow: Scheduler): Record<string, unknown>[] {
  const rows = airflow.query(
    `select map_index as map, max_tries as most, state from task_instance
     where dag_id = '${DAG}' and task_id = 'extract' and run_id = '${RUN}' order by map_index`,
  );
  return rows.map((row) => ({ ...row }));
}
