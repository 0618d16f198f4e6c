import type { JobColumn } from '../../../spec/job.ts';

/** A column of the job, or one that was made for a field that no column reads. */
export interface UploadColumn extends JobColumn {
  /** Takes every value as text: lists and objects as JSON. */
  readonly added?: true;
}
