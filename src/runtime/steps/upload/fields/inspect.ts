import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../../adapters/duckdb/engine.ts';
import type { StepContext } from '../../../context.ts';
import type { FieldChange, FieldsReport } from '../../../receipt.ts';
import { REDACTED } from '../../../redact.ts';
import { jsonPointer, pointerKeys } from '../../../sql/json-pointer.ts';
import type { PageOfRows } from '../../landed-pages.ts';
import { wholePages } from '../group-files.ts';
import { groupsOf } from '../groups.ts';
import type { UploadColumn } from '../new-column.ts';
import type { StageFiles } from '../records.ts';
import { readRepaired } from '../repair.ts';
import { type Changes, compareFields } from './compare.ts';
import type { FieldKind, Fields } from './field.ts';
import { countValues, lookAtFields } from './look.ts';
import { type KnownFields, recallFields } from './memory.ts';
import { newColumns } from './new-columns.ts';
import { MAX_FIELDS } from './structure.ts';
import { refuseNewFields, tellChanges } from './tell.ts';
import { isMaskedField, isReadField, pathsOf } from './touched.ts';

/** Pages that are looked at where nothing follows from a field; spread evenly, the first and the last among them. */
const PAGES = 32;
/** Records of each. */
const RECORDS = 2_000;
/** Changes that are reported with counts and samples. */
const CHANGES = 50;

export interface Inspection {
  readonly report: FieldsReport;
  /** Columns for fields that no column reads, with `new_fields: add`. */
  readonly added: readonly UploadColumn[];
  readonly found: Fields;
  readonly before: KnownFields;
}

/**
 * Compares the fields of a partition's records with those that earlier runs saw. All of them where the contract acts on
 * new fields, else some thousand. Fails as bad data where it allows no new ones.
 *
 * @param folder an empty one
 */
export async function inspectFields(
  context: StepContext,
  engine: Engine,
  partition: string,
  pages: readonly PageOfRows[],
  folder: string,
): Promise<Inspection> {
  const { job, store, identity, log } = context;
  const { new_fields } = job.contract;
  const all = new_fields !== 'ignore';
  const looked = all ? pages : spread(pages);
  const pass = async (some: readonly PageOfRows[], use: (files: StageFiles) => Promise<void>) => {
    for (const group of groupsOf(some, 'pages')) {
      const own = join(folder, 'fields');
      await mkdir(own);
      try {
        const files = await wholePages(context, group, own);
        await readRepaired({ ...files, ...(all ? {} : { limit: RECORDS }) }, use);
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    }
  };

  const found = new Map<string, { keys: readonly string[]; kinds: Set<FieldKind> }>();
  let more = 0;
  await pass(looked, async (files) => {
    const look = await lookAtFields(engine, files, job);
    more = Math.max(more, look.more);
    const mixed = look.fields.filter(({ kind }) => kind === 'mixed').slice(0, MAX_FIELDS);
    const values = await countValues(engine, files, job, mixed);
    for (const { keys, kind } of look.fields) {
      const field = jsonPointer(keys);
      if (!found.has(field) && found.size >= MAX_FIELDS) continue;
      const one = found.get(field) ?? { keys, kinds: new Set<FieldKind>() };
      found.set(field, one);
      if (kind !== undefined && kind !== 'mixed') one.kinds.add(kind);
    }
    mixed.forEach(({ keys }, index) => {
      for (const kind of values[index]?.kinds ?? []) found.get(jsonPointer(keys))?.kinds.add(kind);
    });
  });
  const now: Fields = Object.fromEntries([...found].map(([field, { kinds }]) => [field, [...kinds].sort()]));

  const before = await recallFields(store, job.pipeline, identity.run);
  const changes =
    before.last === undefined
      ? { added: [], vanished: [], retyped: [] }
      : compareFields(before.known, before.last, now);
  const gone = new Set(changes.vanished.slice(0, CHANGES));
  if (gone.size > 0 && looked.length < pages.length) {
    // Seen in none of the pages that were looked at: they must not be in the others either.
    const names = [...gone];
    await pass(pages, async (files) => {
      const keys = names.map((field) => ({ keys: pointerKeys(field) }));
      const values = await countValues(engine, { ...files, limit: undefined }, job, keys);
      names.forEach((field, index) => {
        if ((values[index]?.rows ?? 0) > 0) gone.delete(field);
      });
    });
  }

  const paths = pathsOf(job, job.columns ?? []);
  const counted = [...changes.added, ...changes.retyped].slice(0, CHANGES);
  const totals = new Map(counted.map((field) => [field, { rows: 0, sample: null as string | null }]));
  if (counted.length > 0) {
    await pass(looked, async (files) => {
      const keys = counted.map((field) => ({ keys: pointerKeys(field) }));
      const values = await countValues(engine, files, job, keys);
      counted.forEach((field, index) => {
        const total = totals.get(field);
        const value = values[index];
        if (total === undefined || value === undefined) return;
        total.rows += value.rows;
        const fresh = value.kinds.find((kind) => !before.known[field]?.includes(kind));
        const sample = fresh === undefined ? null : (value.samples[fresh] ?? null);
        total.sample ??= sample !== null && isMaskedField(paths, pointerKeys(field)) ? REDACTED : sample;
      });
    });
  }
  const told = (fields: readonly string[], retyped: boolean): FieldChange[] =>
    fields
      .filter((field) => totals.has(field))
      .map((field) => ({
        field,
        kinds: [...(now[field] ?? [])],
        ...(retyped ? { before: [...(before.known[field] ?? [])] } : {}),
        rows: totals.get(field)?.rows ?? 0,
        sample: totals.get(field)?.sample ?? null,
      }));

  const unread = [...found.values()]
    .filter(({ keys }) => !isReadField(paths, keys))
    .map(({ keys, kinds }) => ({ keys, kinds: [...kinds] }));
  const add = new_fields === 'add' && job.transform === undefined;
  const fresh = add
    ? newColumns(unread, job.columns ?? [], job.extract?.format?.kind === 'csv')
    : { columns: [], refused: [] };
  const report: FieldsReport = {
    pages: [looked.length, pages.length],
    compared_with: before.run ?? null,
    added: told(changes.added, false),
    vanished: [...gone],
    retyped: told(changes.retyped, true),
    more: more + beyond(changes),
    without_column: [...fresh.refused],
  };
  if (new_fields === 'fail') {
    const names =
      job.transform === undefined ? unread.map(({ keys }) => jsonPointer(keys)) : Object.keys(now);
    refuseNewFields(
      report.added.filter(({ field }) => names.includes(field)),
      partition,
    );
  }
  tellChanges(log, partition, report);
  return { report, added: fresh.columns, found: now, before };
}

function beyond({ added, vanished, retyped }: Changes): number {
  return Math.max(0, added.length + retyped.length - CHANGES) + Math.max(0, vanished.length - CHANGES);
}

function spread(pages: readonly PageOfRows[]): PageOfRows[] {
  if (pages.length <= PAGES) return [...pages];
  const step = (pages.length - 1) / (PAGES - 1);
  return Array.from({ length: PAGES }, (_, index) => pages[Math.round(index * step)]).filter(
    (page) => page !== undefined,
  );
}
