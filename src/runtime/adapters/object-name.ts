import { EXIT } from '../../spec/exit-codes.ts';
import { StepError } from '../errors.ts';

/** What a file is called until it is whole; a killed writer leaves it behind, and nobody ever reads it. */
export const UNFINISHED = '.tmp-';

/** Whether it names an object of every store: no way out of the root, no empty segment, nothing that hides it. */
export function isObjectName(name: string): boolean {
  // GCS allows neither line break nor more than 1,024 bytes, and reserves one path for certificates.
  // https://docs.cloud.google.com/storage/docs/objects#naming
  if (/[\0\r\n]/.test(name) || name.startsWith('.well-known/acme-challenge/')) return false;
  return name
    .split('/')
    .every((one) => one !== '' && one !== '.' && one !== '..' && !one.startsWith(UNFINISHED));
}

/** A name that would leave the root or hide its object is a defect of the caller. */
export function requireObjectName(name: string): void {
  if (isObjectName(name)) return;
  throw new StepError(
    EXIT.defect,
    `${JSON.stringify(name)} is not a name of an object: it would leave the store`,
  );
}
