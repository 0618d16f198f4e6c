import { type Fragment, type Import, python } from '../../python/python.ts';
import { PERMANENT_CODES, PERMANENT_DOCSTRING } from '../permanent-failure.ts';

const IMPORTS: readonly Import[] = [
  { module: 'airflow.sdk', name: 'RetryDecision' },
  { module: 'airflow.sdk', name: 'RetryPolicy' },
];

// The operators' exceptions don't hold the exit code; the policy runs in the task's process and finds it on the task.
const HEAD = `class StopOnPermanentFailure(RetryPolicy):
    ${PERMANENT_DOCSTRING}

    def evaluate(self, exception, try_number, max_tries, context=None) -> RetryDecision:`;

export const stopPod: Fragment = {
  source: python(`${HEAD}
        pod = context["task"].remote_pod
        for container in (pod.status.container_statuses or []) if pod else []:
            ended = container.state.terminated
            if container.name == "base" and ended and ended.exit_code in ${PERMANENT_CODES}:
                return RetryDecision.fail(reason=f"The step ended with exit code {ended.exit_code}")
        return RetryDecision.default()`),
  imports: IMPORTS,
};

export const stopProcess: Fragment = {
  source: python(`${HEAD}
        process = context["task"].subprocess_hook.sub_process
        if process and process.returncode in ${PERMANENT_CODES}:
            return RetryDecision.fail(reason=f"The step ended with exit code {process.returncode}")
        return RetryDecision.default()`),
  imports: IMPORTS,
};
