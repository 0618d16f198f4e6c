import { addWithTransform } from './add-with-transform.ts';
import { airflowConnectionInPod } from './airflow-connection-in-pod.ts';
import { bodyWithoutPost } from './body-without-post.ts';
import { browserInPods } from './browser-in-pods.ts';
import { checkThatCannotFail } from './check-that-cannot-fail.ts';
import { credentialInTheSpec } from './credential-in-the-spec.ts';
import { cronInMissingHour } from './cron-in-missing-hour.ts';
import { deadlineWithoutVersion } from './deadline-without-version.ts';
import { defaultNamespace } from './default-namespace.ts';
import { defaultServiceAccount } from './default-service-account.ts';
import { duplicateTable } from './duplicate-table.ts';
import { externalStageOverFiles } from './external-stage-over-files.ts';
import { freshnessWithoutDate } from './freshness-without-date.ts';
import { fromWithTransform } from './from-with-transform.ts';
import { httpSettingsOfHandler } from './http-settings-of-handler.ts';
import { identityWithoutPod } from './identity-without-pod.ts';
import { incompleteSteps } from './incomplete-steps.ts';
import { invalidCron } from './invalid-cron.ts';
import { jsonPathIntoText } from './json-path-into-text.ts';
import { lookbackWithReplace } from './lookback-with-replace.ts';
import { lookbackWithoutSchedule } from './lookback-without-schedule.ts';
import { maskedKey } from './masked-key.ts';
import { mergeKeepsOlder } from './merge-keeps-older.ts';
import { mergeWithoutKey } from './merge-without-key.ts';
import { mergeWithoutNewestBy } from './merge-without-newest-by.ts';
import { morePodsThanSlices } from './more-pods-than-slices.ts';
import { namespaceSharedWithAirflow } from './namespace-shared-with-airflow.ts';
import { nativePartitionsBeforeAirflow3 } from './native-partitions-before-airflow-3.ts';
import { newestByWithoutOrder } from './newest-by-without-order.ts';
import { noTotalToReconcile } from './no-total-to-reconcile.ts';
import { overPrivilegedRole } from './over-privileged-role.ts';
import { partitionColumnNotADate } from './partition-column-not-a-date.ts';
import { patternBeyondRe2 } from './pattern-beyond-re2.ts';
import { podSettingsWithoutPod } from './pod-settings-without-pod.ts';
import { rangeWithoutNumber } from './range-without-number.ts';
import { renamedFromExisting } from './renamed-from-existing.ts';
import { requestWithoutPath } from './request-without-path.ts';
import type { Rule } from './rule.ts';
import { scheduleCycle } from './schedule-cycle.ts';
import { secretInPlainEnvironment } from './secret-in-plain-environment.ts';
import { secretNotMounted } from './secret-not-mounted.ts';
import { settingsOfMissingStep } from './settings-of-missing-step.ts';
import { stepSettingsInDbtCloud } from './step-settings-in-dbt-cloud.ts';
import { textRuleWithoutText } from './text-rule-without-text.ts';
import { tooFewRequestsForPods } from './too-few-requests-for-pods.ts';
import { unknownColumn } from './unknown-column.ts';
import { unknownPlaceholder } from './unknown-placeholder.ts';
import { unknownTimezone } from './unknown-timezone.ts';
import { unknownUpstream } from './unknown-upstream.ts';
import { unusedParent } from './unused-parent.ts';
import { unusedSlice } from './unused-slice.ts';
import { valueOfAnotherType } from './value-of-another-type.ts';
import { waitBeyondTimeout } from './wait-beyond-timeout.ts';

/** Every rule; a test compares this list with the folder. */
export const RULES: readonly Rule[] = [
  addWithTransform,
  airflowConnectionInPod,
  bodyWithoutPost,
  checkThatCannotFail,
  browserInPods,
  credentialInTheSpec,
  cronInMissingHour,
  deadlineWithoutVersion,
  defaultNamespace,
  defaultServiceAccount,
  duplicateTable,
  externalStageOverFiles,
  freshnessWithoutDate,
  fromWithTransform,
  httpSettingsOfHandler,
  identityWithoutPod,
  incompleteSteps,
  invalidCron,
  jsonPathIntoText,
  lookbackWithoutSchedule,
  lookbackWithReplace,
  maskedKey,
  mergeKeepsOlder,
  mergeWithoutKey,
  mergeWithoutNewestBy,
  morePodsThanSlices,
  namespaceSharedWithAirflow,
  nativePartitionsBeforeAirflow3,
  newestByWithoutOrder,
  noTotalToReconcile,
  overPrivilegedRole,
  partitionColumnNotADate,
  patternBeyondRe2,
  podSettingsWithoutPod,
  rangeWithoutNumber,
  renamedFromExisting,
  requestWithoutPath,
  scheduleCycle,
  secretInPlainEnvironment,
  secretNotMounted,
  settingsOfMissingStep,
  stepSettingsInDbtCloud,
  textRuleWithoutText,
  tooFewRequestsForPods,
  unknownColumn,
  unknownPlaceholder,
  unknownTimezone,
  unknownUpstream,
  unusedParent,
  unusedSlice,
  valueOfAnotherType,
  waitBeyondTimeout,
];
