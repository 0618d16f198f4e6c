"""What an Airflow makes of DAG files: what it stores of them, gives to their tasks, and shows of that.

Usage: python look.py FOLDER, with the connections in the environment.
"""

import copy
import json
import sys
import types

try:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.execution_time.context import ConnectionAccessor
    from airflow.sdk.execution_time.task_runner import _serialize_rendered_fields as shown_of
    from airflow.serialization.serialized_objects import DagSerialization as Serialization
except ImportError:
    from airflow.models.dagbag import DagBag
    from airflow.models.renderedtifields import get_serialized_template_fields
    from airflow.serialization.serialized_objects import SerializedDAG as Serialization
    from airflow.utils.context import ConnectionAccessor
    from airflow.utils.log.secrets_masker import redact

    def shown_of(task):
        """What the constructor of `RenderedTaskInstanceFields` stores."""
        return {field: redact(one, field) for field, one in get_serialized_template_fields(task=task).items()}


def rendered(dag, task):
    one = copy.copy(task)
    ti = types.SimpleNamespace(task_id=task.task_id, try_number=1, max_tries=task.retries)
    context = {
        "conn": ConnectionAccessor(),
        "dag": dag,
        "dag_run": types.SimpleNamespace(run_type="manual"),
        "params": {"partition": "2026-01-31"},
        "run_id": "manual__1",
        "task": one,
        "ti": ti,
        "triggering_dataset_events": {},
    }
    one.render_template_fields(context)
    return one


def look(dag, task):
    from kubernetes.client import ApiClient

    one = rendered(dag, task)
    given = {field: getattr(one, field) for field in one.template_fields}
    pod = None
    if hasattr(one, "build_pod_request_obj"):
        pod = ApiClient().sanitize_for_serialization(one.build_pod_request_obj())
    return {"given": json.loads(json.dumps(given, default=str)), "shown": shown_of(one), "pod": pod}


bag = DagBag(dag_folder=sys.argv[1])
assert not bag.import_errors, bag.import_errors
answer = {
    dag_id: {
        "serialized": Serialization.to_dict(dag),
        "tasks": {task.task_id: look(dag, task) for task in dag.tasks},
    }
    for dag_id, dag in bag.dags.items()
}
sys.stdout.write("\n" + json.dumps(answer, default=str))
