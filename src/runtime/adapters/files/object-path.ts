import { join } from 'node:path';
import { EXIT } from '../../../spec/exit-codes.ts';
import { StepError } from '../../errors.ts';
import { requireObjectName } from '../object-name.ts';

/** The file of an object. */
export function objectPath(root: string, name: string): string {
  requireObjectName(name);
  if (process.platform === 'win32' && /[\\:]/.test(name)) {
    throw new StepError(EXIT.defect, `${JSON.stringify(name)} is not a name that Windows can keep apart`);
  }
  return join(root, ...name.split('/'));
}
