"""Renders the environment of a pod with Airflow's own connections, and says what Airflow would show of it.

Usage: python render.py FILE, with the connections in the environment.
"""

import json
import sys

try:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk._shared.secrets_masker import redact
    from airflow.sdk.execution_time.context import ConnectionAccessor
except ImportError:
    from airflow.models.dagbag import DagBag
    from airflow.utils.context import ConnectionAccessor
    from airflow.utils.log.secrets_masker import redact

bag = DagBag(dag_folder=sys.argv[1])
assert not bag.import_errors, bag.import_errors
(dag,) = bag.dags.values()
written = {one.task_id: list(getattr(one, "env_vars", {})) for one in dag.tasks}
task = dag.get_task("extract")
own = {key: value for key, value in task.env_vars.items() if key.startswith(("PIPEGEN_CONN", "PIPEGEN_FIELD"))}
rendered = task.render_template(own, {"conn": ConnectionAccessor()})
answer = {"written": written, "rendered": rendered, "shown": redact(rendered)}
json.dump(answer, sys.stdout)
