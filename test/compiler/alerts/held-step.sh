# As `step.sh` of the scheduler's tests, but does not end while "$HELD/<dag>" is there.
code=0
sh "$STEP" "$1" || code=$?
while [ -e "$HELD/$PIPEGEN_DAG_ID" ]; do sleep 0.2; done
exit "$code"
