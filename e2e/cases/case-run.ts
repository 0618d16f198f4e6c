import { expect } from 'vitest';
import { onSnowflake } from '../../test/run/tables.ts';
import type { Airflow, Run } from '../airflow.ts';
import type { Case } from '../case-pipelines.ts';
import type { Held } from '../gate.ts';
import type { Pod, Pods } from '../pods.ts';
import { askedOf, DAY, type Reference } from '../reference.ts';
import type { Environment } from '../rig.ts';
import type { Api } from '../services.ts';

/** The one run of a case, and what its tests look at. */
export class CaseRun {
  readonly name: Case;
  readonly environment: Environment;
  readonly airflow: Airflow;
  readonly pods: Pods;
  readonly api: Api;
  readonly reference: Reference;
  readonly run: Run;
  readonly #before: number;

  private constructor(environment: Environment, name: Case, reference: Reference) {
    this.name = name;
    this.environment = environment;
    this.airflow = environment.airflow;
    this.pods = environment.pods;
    this.api = environment.rig.services.apis[name];
    this.reference = reference;
    this.run = { dag: name, run: `run_of_${name}` };
    this.#before = this.api.standIn.requests.length;
  }

  static async of(environment: Environment, name: Case): Promise<CaseRun> {
    return new CaseRun(environment, name, await environment.rig.reference());
  }

  async trigger(): Promise<void> {
    await this.airflow.trigger(this.run.dag, this.run.run, DAY);
  }

  /** Waits for the end of the run, which is `success` or `failed`; the logs are in the message where it is not. */
  async ends(how: 'success' | 'failed'): Promise<void> {
    const state = await this.airflow.ended(this.run);
    expect(state, `${this.name}: ${JSON.stringify(this.states())}\n${this.#lastWords()}`).toBe(how);
  }

  /** How each task has ended, and its attempts: `success 1`. */
  states(): Record<string, string> {
    return Object.fromEntries(
      this.airflow.tasks(this.run).map(({ task, state, attempts }) => [task, `${state} ${attempts}`]),
    );
  }

  /** Tasks have ended as expected, the last of their attempts so; where one has not, its logs are in the message. */
  haveEnded(expected: Readonly<Record<string, string>>): void {
    const states = this.states();
    const odd = Object.keys(expected).filter((task) => states[task] !== expected[task]);
    expect(states, odd.map((task) => `${task}:\n${this.#wordsOf(task)}`).join('\n')).toMatchObject(expected);
  }

  /** How often a task was begun so far. */
  attempts(task: string): number {
    return this.airflow.task(this.run, task).attempts;
  }

  /** `LH 25`: what the API of this case was asked for since the beginning, in the order of arrival. */
  asked(): string[] {
    return askedOf(this.api.standIn).slice(this.#before);
  }

  /** Holds what the API is asked for: a page, or the pages at an offset of all airlines. */
  holdPages(offset: number, airline?: string): Held {
    return this.api.gate.hold(({ url }) => {
      const query = new URLSearchParams(url.split('?')[1]);
      return (
        Number(query.get('offset') ?? 0) === offset &&
        [undefined, query.get('airline_iata')].includes(airline)
      );
    });
  }

  /** Waits until so many requests are held. */
  async heldAre(held: Held, count = 1): Promise<void> {
    await this.airflow.until(
      `${count} requests of ${this.name} to be held`,
      () => held.asked.length >= count,
    );
  }

  /** What a person reads in the log of an attempt of a task. */
  log(task: string, attempt?: number): string {
    return this.airflow.log(this.run, task, attempt);
  }

  clear(task: string): Promise<void> {
    return this.airflow.clear(this.run, task);
  }

  /** The pod of a task whose container runs. */
  running(task: string): Promise<Pod> {
    return this.pods.running(this.run, task);
  }

  /** Rows of the table, as the reference has those of its own. */
  rows(): Promise<string[]> {
    const { sql, database } = this.environment;
    return onSnowflake(sql, database, this.reference.query.replace('raw.flights', `raw.${this.name}`));
  }

  /** The table has what a run has left to which nothing happened, by one load. */
  async hasTheData(): Promise<void> {
    expect(await this.rows()).toEqual(this.reference.flights);
    const { sql, database } = this.environment;
    const loads = await sql.query(
      `select count(distinct _pipegen_load_id) as loads from ${database}.RAW.${this.name}`,
    );
    expect(Object.values(loads[0] ?? {})).toEqual(['1']);
  }

  #lastWords(): string {
    return this.airflow
      .tasks(this.run)
      .filter(({ state }) => state !== 'success' && state !== null)
      .map(({ task }) => `${task}:\n${this.#wordsOf(task)}`)
      .join('\n');
  }

  /** The end of what each attempt of a task has written. */
  #wordsOf(task: string): string {
    const { attempts } = this.airflow.task(this.run, task);
    const numbers = Array.from({ length: attempts }, (_, index) => index + 1);
    return numbers
      .map((attempt) => {
        try {
          return this.log(task, attempt).slice(-4000);
        } catch {
          return `attempt ${attempt} has no log`;
        }
      })
      .join('\n');
  }
}

/** The tasks of a case as they are when all has gone well. */
export const ALL_WELL: Readonly<Record<string, string>> = {
  check: 'success 1',
  extract: 'success 1',
  load: 'success 1',
  publish: 'success 1',
  upload: 'success 1',
};
