import { EXIT, PERMANENT } from '../../spec/exit-codes.ts';

/** The codes as a tuple of Python. */
export const PERMANENT_CODES = `(${PERMANENT.join(', ')})`;

export const PERMANENT_DOCSTRING =
  `"""Do not retry what a retry cannot mend: bad data (${EXIT.badData}), ` +
  `a defect of ours (${EXIT.defect}), wrong credentials (${EXIT.configuration})."""`;
