import { type Fragment, python } from '../../python/python.ts';
import { TELL_OF_RUN_DOCSTRING } from '../alerts/callbacks.ts';

/** The task that was at work is in the context. */
export const tellOfRun: Fragment = {
  source: python(`def tell_of_run(notify, context) -> None:
    ${TELL_OF_RUN_DOCSTRING}
    if context["reason"] != "task_failure":
        notify(context)`),
  imports: [],
};
