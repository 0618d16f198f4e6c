import { call, dictionary, type Expression, imported, type Keywords, tall } from '../../python/expression.ts';
import { timedelta } from '../duration.ts';

const SDK = 'airflow.sdk';

/**
 * From the moment of queueing: the other one that a run has, its logical date, is missing in runs by partition. Told by
 * the triggerer, because only LocalExecutor runs the callbacks of an executor (`supports_callbacks` in
 * `airflow/executors/base_executor.py`).
 */
export function deadline(seconds: number, notifier: Expression, entries: Keywords): Expression {
  const callback = call(imported(SDK, 'AsyncCallback'), [notifier, tall(dictionary(entries))]);
  return tall(
    call(
      imported(SDK, 'DeadlineAlert'),
      [],
      [
        ['reference', imported(SDK, 'DeadlineReference.DAGRUN_QUEUED_AT')],
        ['interval', timedelta(seconds)],
        ['callback', tall(callback)],
      ],
    ),
  );
}
