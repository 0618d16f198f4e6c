import { type Fragment, python } from '../../python/python.ts';
import { PERMANENT_CODES, PERMANENT_DOCSTRING } from '../permanent-failure.ts';

export const podStep: Fragment = {
  source: python(`class Step(KubernetesPodOperator):
    ${PERMANENT_DOCSTRING}

    def cleanup(self, pod, remote_pod, *args, **kwargs):
        try:
            super().cleanup(pod, remote_pod, *args, **kwargs)
        except AirflowSkipException:
            raise
        except AirflowException as failure:
            for container in (remote_pod.status.container_statuses or []) if remote_pod else []:
                ended = container.state.terminated
                if container.name == "base" and ended and ended.exit_code in ${PERMANENT_CODES}:
                    raise AirflowFailException(str(failure)) from failure
            raise`),
  imports: [
    { module: 'airflow.exceptions', name: 'AirflowException' },
    { module: 'airflow.exceptions', name: 'AirflowFailException' },
    { module: 'airflow.exceptions', name: 'AirflowSkipException' },
    { module: 'airflow.providers.cncf.kubernetes.operators.pod', name: 'KubernetesPodOperator' },
  ],
};

/**
 * By way of the hook: an `execute` that calls its parent's makes 2.11 log that the operator was called outside a
 * task (`ExecutorSafeguard` in `airflow/models/baseoperator.py`).
 */
export const processStep: readonly Fragment[] = [
  {
    source: python(`class Command(SubprocessHook):
    ${PERMANENT_DOCSTRING}

    def run_command(self, *args, **kwargs):
        result = super().run_command(*args, **kwargs)
        if result.exit_code in ${PERMANENT_CODES}:
            raise AirflowFailException(f"The step ended with exit code {result.exit_code}")
        return result`),
    imports: [
      { module: 'airflow.exceptions', name: 'AirflowFailException' },
      { module: 'airflow.hooks.subprocess', name: 'SubprocessHook' },
    ],
  },
  {
    source: python(`class Step(BashOperator):
    """A step of this pipeline, run where Airflow's worker runs."""

    @cached_property
    def subprocess_hook(self):
        return Command()`),
    imports: [
      { module: 'functools', name: 'cached_property' },
      { module: 'airflow.operators.bash', name: 'BashOperator' },
    ],
  },
];
