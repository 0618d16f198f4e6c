import { type Fragment, python } from '../../python/python.ts';

export const TELL_OF_RUN_DOCSTRING =
  '"""Tell of a run that took too long. A task that has failed has told of it itself."""';

/**
 * For each task. When a run has taken too long, Airflow 3.3 ends its tasks by a signal, which they take for a failure of
 * their own and tell of, as a retry even (seen in 3.3.2); 2.11 does not.
 */
export const tellOfTask: Fragment = {
  source: python(`def tell_of_task(notify, context) -> None:
    """Tell what became of a task, unless its run has taken too long: of that the run tells."""
    if datetime.now(timezone.utc) - context["dag_run"].start_date < context["dag"].dagrun_timeout:
        notify(context)`),
  imports: [
    { module: 'datetime', name: 'datetime' },
    { module: 'datetime', name: 'timezone' },
  ],
};
