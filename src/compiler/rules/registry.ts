import { addWithTransform } from './add-with-transform.ts';
import { airflowConnectionInPod } from './airflow-connection-in-pod.ts';
import { allRowsDiscarded } from './all-rows-discarded.ts';
import { backfillOverBudget } from './backfill-over-budget.ts';
import { bodyWithoutPost } from './body-without-post.ts';
import { browserInPods } from './browser-in-pods.ts';
import { catchupWithoutLimit } from './catchup-without-limit.ts';
import { checkThatCannotFail } from './check-that-cannot-fail.ts';
import { columnNeverTested } from './column-never-tested.ts';
import { cronInMissingHour } from './cron-in-missing-hour.ts';
import { crowdedMinute } from './crowded-minute.ts';
import { dbtSourceNotATable } from './dbt-source-not-a-table.ts';
import { deadlineWithoutVersion } from './deadline-without-version.ts';
import { defaultNamespace } from './default-namespace.ts';
import { defaultServiceAccount } from './default-service-account.ts';
import { duplicateTable } from './duplicate-table.ts';
import { externalStageOverFiles } from './external-stage-over-files.ts';
import { freshnessWithoutDate } from './freshness-without-date.ts';
import { fromWithTransform } from './from-with-transform.ts';
import { hostNotAllowed } from './host-not-allowed.ts';
import { httpSettingsOfHandler } from './http-settings-of-handler.ts';
import { identityWithoutPod } from './identity-without-pod.ts';
import { incompleteSteps } from './incomplete-steps.ts';
import { invalidCron } from './invalid-cron.ts';
import { jinjaInText } from './jinja-in-text.ts';
import { jsonPathIntoText } from './json-path-into-text.ts';
import { localTimeAsUtc } from './local-time-as-utc.ts';
import { lookbackWithReplace } from './lookback-with-replace.ts';
import { lookbackWithoutSchedule } from './lookback-without-schedule.ts';
import { maskedKey } from './masked-key.ts';
import { mergeKeepsOlder } from './merge-keeps-older.ts';
import { mergeWithoutKey } from './merge-without-key.ts';
import { mergeWithoutNewestBy } from './merge-without-newest-by.ts';
import { missingAlertRoute } from './missing-alert-route.ts';
import { missingCheck } from './missing-check.ts';
import { missingDescription } from './missing-description.ts';
import { missingMemoryRequest } from './missing-memory-request.ts';
import { missingOwner } from './missing-owner.ts';
import { missingTag } from './missing-tag.ts';
import { modelWithoutTests } from './model-without-tests.ts';
import { morePodsThanSlices } from './more-pods-than-slices.ts';
import { nameNotAllowed } from './name-not-allowed.ts';
import { namespaceNotAllowed } from './namespace-not-allowed.ts';
import { namespaceSharedWithAirflow } from './namespace-shared-with-airflow.ts';
import { nativePartitionsBeforeAirflow3 } from './native-partitions-before-airflow-3.ts';
import { newestByWithoutOrder } from './newest-by-without-order.ts';
import { noRateLimit } from './no-rate-limit.ts';
import { noRequestBudget } from './no-request-budget.ts';
import { noRetries } from './no-retries.ts';
import { noTimeout } from './no-timeout.ts';
import { noTotalToReconcile } from './no-total-to-reconcile.ts';
import { nullableKey } from './nullable-key.ts';
import { numberWiderThanDouble } from './number-wider-than-double.ts';
import { overPrivilegedRole } from './over-privileged-role.ts';
import { ownerNotAllowed } from './owner-not-allowed.ts';
import { pageSizeOverPlan } from './page-size-over-plan.ts';
import { paginationWithoutStop } from './pagination-without-stop.ts';
import { partitionColumnNotADate } from './partition-column-not-a-date.ts';
import { patternBeyondRe2 } from './pattern-beyond-re2.ts';
import { pipelineNameCollision } from './pipeline-name-collision.ts';
import { plainHttp } from './plain-http.ts';
import { podSettingsWithoutPod } from './pod-settings-without-pod.ts';
import { rangeWithoutNumber } from './range-without-number.ts';
import { removedWithHistory } from './removed-with-history.ts';
import { renamedFromExisting } from './renamed-from-existing.ts';
import { renamedWithoutTrace } from './renamed-without-trace.ts';
import { requestWithoutPath } from './request-without-path.ts';
import { reservedName } from './reserved-name.ts';
import { retryOfFinalError } from './retry-of-final-error.ts';
import type { Rule } from './rule.ts';
import { scheduleCycle } from './schedule-cycle.ts';
import { secretInPlainEnvironment } from './secret-in-plain-environment.ts';
import { secretLookingLiteral } from './secret-looking-literal.ts';
import { secretNotMounted } from './secret-not-mounted.ts';
import { settingsOfMissingStep } from './settings-of-missing-step.ts';
import { stepSettingsInDbtCloud } from './step-settings-in-dbt-cloud.ts';
import { textRuleWithoutText } from './text-rule-without-text.ts';
import { timeoutExceedsInterval } from './timeout-exceeds-interval.ts';
import { tooFewRequestsForPods } from './too-few-requests-for-pods.ts';
import { unknownColumn } from './unknown-column.ts';
import { unknownDbtSelector } from './unknown-dbt-selector.ts';
import { unknownPlaceholder } from './unknown-placeholder.ts';
import { unknownTimezone } from './unknown-timezone.ts';
import { unknownUpstream } from './unknown-upstream.ts';
import { unusedParent } from './unused-parent.ts';
import { unusedSlice } from './unused-slice.ts';
import { valueOfAnotherType } from './value-of-another-type.ts';
import { waitBeyondTimeout } from './wait-beyond-timeout.ts';

/** Every rule of the folder, by name. Generated by scripts/rules/generate.ts. */
export const RULES: readonly Rule[] = [
  addWithTransform,
  airflowConnectionInPod,
  allRowsDiscarded,
  backfillOverBudget,
  bodyWithoutPost,
  browserInPods,
  catchupWithoutLimit,
  checkThatCannotFail,
  columnNeverTested,
  cronInMissingHour,
  crowdedMinute,
  dbtSourceNotATable,
  deadlineWithoutVersion,
  defaultNamespace,
  defaultServiceAccount,
  duplicateTable,
  externalStageOverFiles,
  freshnessWithoutDate,
  fromWithTransform,
  hostNotAllowed,
  httpSettingsOfHandler,
  identityWithoutPod,
  incompleteSteps,
  invalidCron,
  jinjaInText,
  jsonPathIntoText,
  localTimeAsUtc,
  lookbackWithReplace,
  lookbackWithoutSchedule,
  maskedKey,
  mergeKeepsOlder,
  mergeWithoutKey,
  mergeWithoutNewestBy,
  missingAlertRoute,
  missingCheck,
  missingDescription,
  missingMemoryRequest,
  missingOwner,
  missingTag,
  modelWithoutTests,
  morePodsThanSlices,
  nameNotAllowed,
  namespaceNotAllowed,
  namespaceSharedWithAirflow,
  nativePartitionsBeforeAirflow3,
  newestByWithoutOrder,
  noRateLimit,
  noRequestBudget,
  noRetries,
  noTimeout,
  noTotalToReconcile,
  nullableKey,
  numberWiderThanDouble,
  overPrivilegedRole,
  ownerNotAllowed,
  pageSizeOverPlan,
  paginationWithoutStop,
  partitionColumnNotADate,
  patternBeyondRe2,
  pipelineNameCollision,
  plainHttp,
  podSettingsWithoutPod,
  rangeWithoutNumber,
  removedWithHistory,
  renamedFromExisting,
  renamedWithoutTrace,
  requestWithoutPath,
  reservedName,
  retryOfFinalError,
  scheduleCycle,
  secretInPlainEnvironment,
  secretLookingLiteral,
  secretNotMounted,
  settingsOfMissingStep,
  stepSettingsInDbtCloud,
  textRuleWithoutText,
  timeoutExceedsInterval,
  tooFewRequestsForPods,
  unknownColumn,
  unknownDbtSelector,
  unknownPlaceholder,
  unknownTimezone,
  unknownUpstream,
  unusedParent,
  unusedSlice,
  valueOfAnotherType,
  waitBeyondTimeout,
];
