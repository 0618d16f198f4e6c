import { EXIT } from '../../spec/exit-codes.ts';
import { configuration, StepError } from '../errors.ts';
import type { Measure, Measured, SampleRow, Volume } from '../ports/measure.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type {
  CheckRun,
  LoadMode,
  LoadRecord,
  Relation,
  Warehouse,
  WarehouseColumn,
} from '../ports/warehouse.ts';
import type { CheckResult, PublishedFile } from '../receipt.ts';
import { forgetChecks, recordCheck } from './check-records.ts';
import { type Dialect, type Place, tableName } from './dialect.ts';
import { loadRecord, loadsQuery, recordLoad } from './load-records.ts';
import { measureAll, type Source } from './measure.ts';
import { planPublication } from './publication.ts';
import { sampleRows } from './sample.ts';
import { prepareTables } from './schema-changes.ts';
import type { SqlSession } from './session.ts';
import { Bound, countedRows, runStatement } from './statement.ts';
import { inTransaction } from './transaction.ts';
import { volumesOf } from './volumes.ts';

/** Brings published files into the session's staging table, each warehouse in its own way. */
export interface Staging {
  /** SQL of the staging table. */
  readonly table: string;
  /** Makes the table anew, with the columns and `FROM_FILE`; returns the rows of each file, in order. */
  stage(
    store: ObjectStore,
    files: readonly PublishedFile[],
    columns: readonly WarehouseColumn[],
  ): Promise<number[]>;
}

export interface SqlWarehouseParts {
  /** Ended with the warehouse. */
  readonly session: SqlSession;
  readonly dialect: Dialect;
  readonly place: Place;
  readonly staging: Staging;
}

/** The script of a load, the same on every warehouse that speaks SQL. */
export class SqlWarehouse implements Warehouse {
  readonly #session: SqlSession;
  readonly #dialect: Dialect;
  readonly #place: Place;
  readonly #staging: Staging;

  constructor({ session, dialect, place, staging }: SqlWarehouseParts) {
    this.#session = session;
    this.#dialect = dialect;
    this.#place = place;
    this.#staging = staging;
  }

  nameOf(table: string): string {
    return `${this.#dialect.fold(this.#place.schema)}.${this.#dialect.fold(table)}`;
  }

  prepare(table: string, columns: readonly WarehouseColumn[]): Promise<void> {
    const site = {
      session: this.#session,
      dialect: this.#dialect,
      place: this.#place,
      nameOf: (one: string) => this.nameOf(one),
    };
    return prepareTables(site, table, columns);
  }

  async loads(table: string, partition?: string): Promise<LoadRecord[]> {
    const { doing, sql, values } = loadsQuery(this.#dialect, this.#place, table, partition);
    const rows = await this.#session.rows(doing, sql, values);
    return rows.map(loadRecord);
  }

  stage(
    store: ObjectStore,
    files: readonly PublishedFile[],
    columns: readonly WarehouseColumn[],
  ): Promise<number[]> {
    return this.#staging.stage(store, files, columns);
  }

  async measure(relation: Relation, measures: readonly Measure[]): Promise<Measured[]> {
    return measureAll(this.#session, this.#dialect, this.#source(relation), measures);
  }

  async sample(relation: Relation, measure: Measure, columns: readonly string[]): Promise<SampleRow[]> {
    return sampleRows(this.#session, this.#dialect, this.#source(relation), measure, columns);
  }

  async volumes(table: string, partitions: readonly string[]): Promise<Volume[]> {
    return volumesOf(this.#session, this.#dialect, this.#place, table, partitions);
  }

  #source(relation: Relation): Source {
    const nameInSchema = (table: string) => tableName(this.#dialect, this.#place, table);
    if (relation === 'staging') return { table: this.#staging.table, values: [], tableName: nameInSchema };
    const table = nameInSchema(relation.table);
    if (relation.partition === undefined) return { table, values: [], tableName: nameInSchema };
    const bound = new Bound(this.#dialect);
    const condition = `${this.#dialect.identifier('_pipegen_partition')} = ${bound.as('date', relation.partition)}`;
    return { table, condition, values: bound.values, tableName: nameInSchema };
  }

  publish(
    load: LoadRecord,
    columns: readonly WarehouseColumn[],
    mode: LoadMode,
    proceed: (committed: readonly LoadRecord[]) => boolean,
  ): Promise<boolean> {
    const name = this.nameOf(load.table);
    const target = {
      dialect: this.#dialect,
      place: this.#place,
      staging: this.#staging.table,
      name,
    };
    const { clear, put, count } = planPublication(target, load, columns, mode);
    const committed = () =>
      mode.kind === 'replace' ? this.loads(load.table) : this.loads(load.table, load.partition);
    return inTransaction(
      this.#session,
      async () => {
        await runStatement(this.#session, clear);
        if (!proceed(await committed())) return false;
        for (const statement of put) await runStatement(this.#session, statement);
        const rows = await countedRows(this.#session, count);
        if (mode.kind === 'merge' && rows > load.rows) {
          throw configuration(
            `${name} has several rows of one key (${mode.key.join(', ')}), so it is not known which of them a newer row replaces: nothing was changed. Remove all but one of each, or load into another table`,
          );
        }
        if (rows !== load.rows) {
          throw new StepError(
            EXIT.defect,
            `${name} would hold ${rows} of the ${load.rows} rows that were published: nothing of it was kept`,
          );
        }
        await runStatement(this.#session, recordLoad(this.#dialect, this.#place, load));
        return true;
      },
      async () => (await committed()).some(({ loadId }) => loadId === load.loadId),
    );
  }

  async recordChecks(run: CheckRun, results: readonly CheckResult[]): Promise<void> {
    await inTransaction(this.#session, async () => {
      await runStatement(this.#session, forgetChecks(this.#dialect, this.#place, run));
      for (const result of results) {
        await runStatement(this.#session, recordCheck(this.#dialect, this.#place, run, result));
      }
      return true;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
