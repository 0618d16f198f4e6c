# Stands in for the runtime: notes what a step was given, then ends as the test says.
# "$STEPS/exits/<dag>.<partitions>", else "$STEPS/exits/<dag>", holds an exit code for each try, by line; the last
# counts for all after it.
set -eu
if [ -z "$PIPEGEN_PARTITIONS" ]; then code=78; else
  plan="$STEPS/exits/$PIPEGEN_DAG_ID.$PIPEGEN_PARTITIONS"
  [ -f "$plan" ] || plan="$STEPS/exits/$PIPEGEN_DAG_ID"
  code=0
  if [ -f "$plan" ]; then
    code=$(sed -n "${PIPEGEN_TRY_NUMBER}p" "$plan")
    [ -n "$code" ] || code=$(tail -n 1 "$plan")
  fi
fi
printf '{"dag":"%s","step":"%s","run":"%s","try":%s,"maxTries":%s,"partitions":"%s","exit":%s,"time":%s}\n' \
  "$PIPEGEN_DAG_ID" "$1" "$PIPEGEN_RUN_ID" "$PIPEGEN_TRY_NUMBER" "$PIPEGEN_MAX_TRIES" "$PIPEGEN_PARTITIONS" "$code" "$(date +%s.%N)" \
  >>"$STEPS/steps.jsonl"
exit "$code"
