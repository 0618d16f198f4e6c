import { type Fragment, python } from '../../python/python.ts';
import { TELL_OF_RUN_DOCSTRING } from '../alerts/callbacks.ts';

/** Airflow hands over whichever task it finds first (`DAG.fetch_callback` in `airflow/models/dag.py`). */
export const tellOfRun: Fragment = {
  source: python(`def tell_of_run(notify, context) -> None:
    ${TELL_OF_RUN_DOCSTRING}
    if context["reason"] != "task_failure":
        started = [ti for ti in context["dag_run"].get_task_instances() if ti.start_date]
        context["ti"] = max(started, key=lambda ti: ti.start_date, default=context["ti"])
        notify(context)`),
  imports: [],
};
