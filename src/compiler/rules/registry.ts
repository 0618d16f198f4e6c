import { airflowConnectionInPod } from './airflow-connection-in-pod.ts';
import { cronInMissingHour } from './cron-in-missing-hour.ts';
import { duplicateTable } from './duplicate-table.ts';
import { incompleteSteps } from './incomplete-steps.ts';
import { invalidCron } from './invalid-cron.ts';
import { lookbackWithoutSchedule } from './lookback-without-schedule.ts';
import { noTotalToReconcile } from './no-total-to-reconcile.ts';
import { partitionColumnNotADate } from './partition-column-not-a-date.ts';
import { podSettingsWithoutPod } from './pod-settings-without-pod.ts';
import { rangeWithoutNumber } from './range-without-number.ts';
import { renamedFromExisting } from './renamed-from-existing.ts';
import type { Rule } from './rule.ts';
import { scheduleCycle } from './schedule-cycle.ts';
import { secretInPlainEnvironment } from './secret-in-plain-environment.ts';
import { secretNotMounted } from './secret-not-mounted.ts';
import { settingsOfMissingStep } from './settings-of-missing-step.ts';
import { stepSettingsInDbtCloud } from './step-settings-in-dbt-cloud.ts';
import { unknownColumn } from './unknown-column.ts';
import { unknownPlaceholder } from './unknown-placeholder.ts';
import { unknownTimezone } from './unknown-timezone.ts';
import { unknownUpstream } from './unknown-upstream.ts';
import { unusedSlice } from './unused-slice.ts';

/** Every rule; a test compares this list with the folder. */
export const RULES: readonly Rule[] = [
  airflowConnectionInPod,
  cronInMissingHour,
  duplicateTable,
  incompleteSteps,
  invalidCron,
  lookbackWithoutSchedule,
  noTotalToReconcile,
  partitionColumnNotADate,
  podSettingsWithoutPod,
  rangeWithoutNumber,
  renamedFromExisting,
  scheduleCycle,
  secretInPlainEnvironment,
  secretNotMounted,
  settingsOfMissingStep,
  stepSettingsInDbtCloud,
  unknownColumn,
  unknownPlaceholder,
  unknownTimezone,
  unknownUpstream,
  unusedSlice,
];
