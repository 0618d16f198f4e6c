"""Imports a folder of DAG files in the Airflow that runs this, and prints what came of it as JSON.

Usage: python inspect_dags.py FOLDER < request.json
The request is {"scenarios": [...], "pods": bool}; a scenario is a run whose templates are to be rendered.
"""

import contextlib
import copy
import json
import sys
import types
import warnings
from datetime import datetime, timedelta

import pendulum

AIRFLOW_3 = False
try:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.exceptions import AirflowProviderDeprecationWarning, RemovedInAirflow4Warning
    from airflow.sdk.definitions.mappedoperator import MappedOperator
    from airflow.sdk.execution_time import macros
    from airflow.serialization.serialized_objects import DagSerialization

    AIRFLOW_3 = True
    DEPRECATIONS = [RemovedInAirflow4Warning, AirflowProviderDeprecationWarning]
except ImportError:
    from airflow import macros
    from airflow.exceptions import AirflowProviderDeprecationWarning, RemovedInAirflow3Warning
    from airflow.models.dagbag import DagBag
    from airflow.models.mappedoperator import MappedOperator
    from airflow.serialization.serialized_objects import SerializedDAG

    DEPRECATIONS = [RemovedInAirflow3Warning, AirflowProviderDeprecationWarning]

from airflow.utils.types import DagRunType


def serialized(dag):
    """The DAG as Airflow stores it, after a way there and back."""
    if AIRFLOW_3:
        stored = DagSerialization.to_dict(dag)
        again = DagSerialization.from_dict(json.loads(json.dumps(stored)))
    else:
        SerializedDAG.validate_schema(json.loads(json.dumps(SerializedDAG.to_dict(dag))))
        stored = SerializedDAG.to_dict(dag)
        again = SerializedDAG.from_dict(json.loads(json.dumps(stored)))
    assert sorted(again.task_ids) == sorted(dag.task_ids)
    return json.loads(json.dumps(stored))


def seconds(value):
    return value.total_seconds() if isinstance(value, timedelta) else None


def instances(task):
    """A mapped task as the operators that Airflow makes of it, by the names that it shows; any other as it is."""
    if not isinstance(task, MappedOperator):
        return {task.task_id: task}
    [(name, values)] = task.expand_input.value.items()
    return {f"{task.task_id} [{index}]": task.unmap({name: one}) for index, one in enumerate(values)}


def describe_task(mapped):
    each = list(instances(mapped).values())
    task = each[0]
    return {
        "mapped": len(each) if isinstance(mapped, MappedOperator) else None,
        "class": type(task).__name__,
        "bases": [base.__name__ for base in type(task).__mro__],
        "downstream": sorted(task.downstream_task_ids),
        "retries": task.retries,
        "retry_delay": seconds(task.retry_delay),
        "retry_exponential_backoff": task.retry_exponential_backoff,
        "max_retry_delay": seconds(task.max_retry_delay),
        "pool": task.pool,
        "execution_timeout": seconds(task.execution_timeout),
        "owner": task.owner,
        "do_xcom_push": task.do_xcom_push,
        "trigger_rule": getattr(task.trigger_rule, "value", task.trigger_rule),
        "has_retry_policy": getattr(task, "retry_policy", None) is not None,
        "fields": {name: plain(getattr(task, name)) for name in task.template_fields},
        "attributes": {
            name: plain(getattr(task, name))
            for name in ("append_env", "skip_on_exit_code", "active_deadline_seconds", "deferrable")
            if hasattr(task, name)
        },
        "outlets": sorted(str(getattr(outlet, "uri", outlet)) for outlet in task.outlets),
    }


def plain(value):
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else repr(value)


def context_of(dag, scenario):
    """What a template sees in such a run; only what a scenario names."""

    def instant(name):
        return pendulum.instance(datetime.fromisoformat(scenario[name])) if scenario.get(name) else None

    events = {}
    for event in scenario.get("events", []):
        extra = {"partitions": event["partitions"]} if "partitions" in event else {}
        events.setdefault(event["uri"], []).append(types.SimpleNamespace(extra=extra))
    context = {
        "dag": dag,
        "run_id": scenario.get("run_id", "scheduled__2026-01-31T06:00:00+00:00"),
        "params": {"partition": scenario.get("partition")},
        "dag_run": types.SimpleNamespace(
            run_type=DagRunType(scenario.get("run_type", "scheduled")),
            run_after=instant("run_after"),
            data_interval_start=instant("data_interval_start"),
        ),
        "macros": macros,
        "data_interval_start": instant("data_interval_start"),
        "logical_date": instant("run_after"),
        "triggering_dataset_events": events,
    }
    if AIRFLOW_3:
        context["partition_key"] = scenario.get("partition_key")
        context["triggering_asset_events"] = context.pop("triggering_dataset_events")
    return context


def steps(dag):
    return [pair for task in dag.tasks for pair in instances(task).items()]


def rendered(dag, scenario):
    tasks = {}
    for name, task in steps(dag):
        one = copy.copy(task)
        ti = types.SimpleNamespace(task_id=task.task_id, try_number=1, max_tries=task.retries)
        one.render_template_fields({**context_of(dag, scenario), "ti": ti, "task": one})
        tasks[name] = {field: plain(getattr(one, field)) for field in task.template_fields}
    return tasks


def pods(dag):
    from kubernetes.client import ApiClient

    found = {}
    for name, task in steps(dag):
        if hasattr(task, "build_pod_request_obj"):
            found[name] = ApiClient().sanitize_for_serialization(task.build_pod_request_obj())
    return found


def first_partition(dag):
    """The day of the run that a scheduler would start first."""
    if AIRFLOW_3:
        scheduled = DagSerialization.from_dict(DagSerialization.to_dict(dag))
        run = scheduled.next_dagrun_info(last_automated_run_info=None)
        if run is not None and run.partition_key:
            return run.partition_key
    else:
        run = dag.next_dagrun_info(None)
    if run is None or run.data_interval is None:
        return None
    return run.data_interval.start.astimezone(dag.timezone).date().isoformat()


def describe(dag, request):
    return {
        "description": dag.description,
        "doc_md": dag.doc_md,
        "tags": sorted(dag.tags),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "dagrun_timeout": seconds(dag.dagrun_timeout),
        "start_date": dag.start_date.isoformat(),
        "timezone": dag.timezone.name,
        "timetable": type(dag.timetable).__name__,
        "first_partition": first_partition(dag),
        "params": {name: dag.params.get_param(name).dump() for name in dag.params},
        "tasks": {task.task_id: describe_task(task) for task in dag.tasks},
        "serialized": serialized(dag),
        "rendered": {one["name"]: rendered(dag, one) for one in request.get("scenarios", [])},
        "pods": pods(dag) if request.get("pods") else {},
    }


def main():
    request = json.load(sys.stdin)
    for category in DEPRECATIONS:
        warnings.simplefilter("error", category)
    # Airflow logs to standard output at times; that is for the answer.
    with contextlib.redirect_stdout(sys.stderr):
        bag = DagBag(dag_folder=sys.argv[1])
        answer = {
            "import_errors": {path: str(error) for path, error in bag.import_errors.items()},
            "warnings": [str(one) for found in bag.captured_warnings.values() for one in found],
            "dags": {dag_id: describe(dag, request) for dag_id, dag in sorted(bag.dags.items())},
        }
    json.dump(answer, sys.stdout)


main()
