import { duplicateTable } from './duplicate-table.ts';
import { incompleteSteps } from './incomplete-steps.ts';
import { invalidCron } from './invalid-cron.ts';
import { lookbackWithoutSchedule } from './lookback-without-schedule.ts';
import { noTotalToReconcile } from './no-total-to-reconcile.ts';
import { partitionColumnNotADate } from './partition-column-not-a-date.ts';
import { rangeWithoutNumber } from './range-without-number.ts';
import type { Rule } from './rule.ts';
import { scheduleCycle } from './schedule-cycle.ts';
import { secretNotMounted } from './secret-not-mounted.ts';
import { unknownColumn } from './unknown-column.ts';
import { unknownPlaceholder } from './unknown-placeholder.ts';
import { unknownTimezone } from './unknown-timezone.ts';
import { unknownUpstream } from './unknown-upstream.ts';
import { unusedSlice } from './unused-slice.ts';

/** Every rule; a test compares this list with the folder. */
export const RULES: readonly Rule[] = [
  duplicateTable,
  incompleteSteps,
  invalidCron,
  lookbackWithoutSchedule,
  noTotalToReconcile,
  partitionColumnNotADate,
  rangeWithoutNumber,
  scheduleCycle,
  secretNotMounted,
  unknownColumn,
  unknownPlaceholder,
  unknownTimezone,
  unknownUpstream,
  unusedSlice,
];
