import type { Step } from '../spec/steps.ts';

/** Names in the store; a slice's value is percent-encoded, so that it is one path segment. */
export function landingFolder(
  pipeline: string,
  partition: string,
  run: string,
  generation: number,
  slice: string | null,
  reading: number,
): string {
  const segment = slice === null ? 'all' : `slice-${encodeSegment(slice)}`;
  // Landed pages never change: a slice that must be read again begins a folder of its own.
  const suffix = reading === 1 ? '' : `~${reading}`;
  return `landing/${pipeline}/${partition}/${run}/${generation}/${segment}${suffix}`;
}

export function pageName(folder: string, page: number): string {
  return `${folder}/page-${String(page).padStart(5, '0')}.json.gz`;
}

export function publishedName(pipeline: string, partition: string, sha256: string): string {
  return `published/${pipeline}/${partition}/part-${sha256}.parquet`;
}

export function quarantineName(pipeline: string, partition: string, sha256: string): string {
  return `quarantine/${pipeline}/${partition}/part-${sha256}.parquet`;
}

export function receiptName(pipeline: string, partition: string, run: string, step: Step): string {
  return `receipts/${pipeline}/${partition}/${run}/${step}.json`;
}

function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(
    /[.!'()*~]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
