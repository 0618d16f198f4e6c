import { NAME } from '../spec/names.ts';
import { isPartition } from '../spec/partition.ts';
import type { SliceGroup } from '../spec/slice-group.ts';
import { isStep, type Step } from '../spec/steps.ts';

/** Names in the store; a slice's value is percent-encoded, so that it is one path segment. */
export function landingFolder(
  pipeline: string,
  partition: string,
  run: string,
  generation: number,
  slice: string | null,
): string {
  const segment = slice === null ? 'all' : `slice-${encodeSegment(slice)}`;
  return `landing/${pipeline}/${partition}/${run}/${generation}/${segment}`;
}

/** @param ending of what the page is: json, jsonl, csv */
export function pageName(folder: string, page: number, ending = 'json'): string {
  return `${folder}/${pageStem(page)}.${ending}.gz`;
}

/** What of the next position does not stand in a page; named by the page's SHA-256, to which it belongs. */
export function noteName(folder: string, page: number, sha256: string): string {
  return `${folder}/${pageStem(page)}-${sha256.slice(0, 16)}.next`;
}

function pageStem(page: number): string {
  return `page-${String(page).padStart(5, '0')}`;
}

export function publishedName(pipeline: string, partition: string, sha256: string): string {
  return `published/${pipeline}/${partition}/part-${sha256}.parquet`;
}

export function quarantineName(pipeline: string, partition: string, sha256: string): string {
  return `quarantine/${pipeline}/${partition}/part-${sha256}.parquet`;
}

/** What was seen of a source's fields, one for a pipeline. */
export function fieldsName(pipeline: string): string {
  return `fields/${pipeline}.json`;
}

/** @param group of an extract whose slices several containers share; each has a receipt of its own */
export function receiptName(
  pipeline: string,
  partition: string,
  run: string,
  step: Step,
  group?: SliceGroup,
): string {
  const share = group === undefined ? '' : `-${group.number}-of-${group.of}`;
  return `receipts/${pipeline}/${partition}/${run}/${step}${share}.json`;
}

/** @param tries of the same work, which overwrite each other's; 12 hexadecimal digits */
export function artefactName(
  pipeline: string,
  partition: string,
  run: string,
  tries: string,
  file: string,
): string {
  return `artefacts/${pipeline}/${partition}/${run}/${tries}/${file}`;
}

function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(
    /[.!'()*~]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What a name says of its object. */
export interface OwnObject {
  readonly kind: 'landing' | 'published' | 'quarantine' | 'artefacts' | 'receipts';
  readonly pipeline: string;
  readonly partition: string;
  /** As in `RunIdentity`; null for files, which any run may share. */
  readonly run: string | null;
  /** Of a receipt. */
  readonly step?: Step;
  /** Of the receipt of a group of slices. */
  readonly group?: SliceGroup;
}

/** Below a run: generation, slice, the lists that it is read from, and a page, its note, or a list of pages. */
const LANDED =
  /^\d+\/(all|slice-[^/]+)(\/[^/.]+)*\/(page-\d{5,}(-[0-9a-f]{16})?\.(next|[a-z]+\.gz)|[a-z]+-[0-9a-f]{16}\.[a-z]+\.gz|[a-z]+\.json)$/;
const ARTEFACT = /^[0-9a-f]{12}\/(run_results|manifest)\.json$/;
const RECEIPT = /^([a-z]+)(?:-([1-9]\d*)-of-([1-9]\d*))?\.json$/;
const PART = /^part-[0-9a-f]{64}\.parquet$/;

/** The reverse of the names above; undefined for what pipegen did not name. */
export function ownObject(name: string): OwnObject | undefined {
  const [kind = '', pipeline = '', partition = '', ...rest] = name.split('/');
  if (!NAME.test(pipeline) || !isPartition(partition)) return undefined;
  const file = rest.join('/');
  if (kind === 'published' || kind === 'quarantine') {
    return PART.test(file) ? { kind, pipeline, partition, run: null } : undefined;
  }
  const [run = '', ...below] = rest;
  if (!/^[0-9a-f]{12}$/.test(run)) return undefined;
  if (kind === 'landing') {
    return LANDED.test(below.join('/')) ? { kind, pipeline, partition, run } : undefined;
  }
  if (kind === 'artefacts') {
    return ARTEFACT.test(below.join('/')) ? { kind, pipeline, partition, run } : undefined;
  }
  const [, step = '', number, of] = RECEIPT.exec(below.join('/')) ?? [];
  if (kind !== 'receipts' || !isStep(step)) return undefined;
  if (of === undefined) return { kind, pipeline, partition, run, step };
  if (step !== 'extract') return undefined;
  return { kind, pipeline, partition, run, step, group: { number: Number(number), of: Number(of) } };
}
