import type { Transform } from '../../../handlers/handlers.ts';
import type { StepContext } from '../../context.ts';
import { loadHandler } from '../../handlers/load-handler.ts';
import { logOf, partitionOf } from '../../handlers/partition.ts';
import { readRecords } from './transform/read-records.ts';
import { createRowText } from './transform/row-text.ts';
import { type PageToTransform, type TransformedPages, transformPages } from './transform.ts';

/** Hands the records of some pages to the pipeline's transform; its files go into the folder. */
export type RowMaker = (
  pages: readonly PageToTransform[],
  folder: string,
  signal: AbortSignal,
) => Promise<TransformedPages>;

/** Undefined where the pipeline has no transform; fails as configuration where it can't be loaded. */
export async function openRowMaker(context: StepContext, partition: string): Promise<RowMaker | undefined> {
  const { job, home, log, redact } = context;
  const { transform: reference, extract } = job;
  if (reference === undefined || extract === undefined) return undefined;
  const transform = (await loadHandler(context, reference)) as Transform;
  const columns = job.columns ?? [];
  const text = createRowText(columns, (field) =>
    log.warn(
      { event: 'unknown_column', handler: reference, field },
      `${reference} returned "${field}", which is no column: it is left out`,
    ),
  );
  return (pages, folder, signal) =>
    transformPages(pages, {
      transform,
      reference,
      home,
      text,
      parse: (page, name) => readRecords(page, name, extract),
      context: { partition: partitionOf(partition, job.timezone), log: logOf(log, reference) },
      folder,
      signal,
      withhold: columns.some(({ mask }) => mask !== undefined),
      redact,
    });
}
