"""Imports DAG files in the Airflow that runs this, and prints what it took as JSON.

Usage: python import_dags.py FOLDER_OR_FILE

What the files import is imported before the clock starts, as Airflow's DAG processor does it.
"""

import contextlib
import json
import logging
import sys
import time

with contextlib.redirect_stdout(sys.stderr):
    import dagfactory  # noqa: F401
    from airflow.dag_processing.dagbag import DagBag
    from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator  # noqa: F401
    from airflow.providers.cncf.kubernetes.secret import Secret  # noqa: F401
    from airflow.providers.standard.operators.empty import EmptyOperator  # noqa: F401
    from kubernetes.client import models  # noqa: F401

    logging.disable(logging.INFO)
    ready = time.process_time()
    wall, processor = time.perf_counter(), time.process_time()
    bag = DagBag(dag_folder=sys.argv[1])
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - processor}

tasks = sum(len(dag.tasks) for dag in bag.dags.values())
json.dump(
    {**took, "ready": ready, "dags": len(bag.dags), "tasks": tasks, "errors": [str(one) for one in bag.import_errors.values()][:3]},
    sys.stdout,
)
