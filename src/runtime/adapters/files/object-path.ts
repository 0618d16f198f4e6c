import { join } from 'node:path';
import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError } from '../../errors.ts';

/** What a file is called until it is whole; a killed writer leaves it behind, and nobody ever reads it. */
export const UNFINISHED = '.tmp-';

/** The file of an object. A name that would leave the root or hide its object is a defect of the caller. */
export function objectPath(root: string, name: string): string {
  const segments = name.split('/');
  const bad = segments.some(
    (one) => one === '' || one === '.' || one === '..' || one.includes('\0') || one.startsWith(UNFINISHED),
  );
  if (bad || (process.platform === 'win32' && /[\\:]/.test(name))) {
    throw new StepError(
      EXIT.defect,
      `${JSON.stringify(name)} is not a name of an object: it would leave the store`,
    );
  }
  return join(root, ...segments);
}
