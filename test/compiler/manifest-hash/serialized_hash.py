"""Prints, as JSON, the hashes by which the Airflow that runs this tells one version of a DAG from the next.

Usage: python serialized_hash.py FOLDER <FILES

FILES is JSON, a name and the Python of one DAG for each; the answer has a hash for each name. Where the file stands is
not part of a hash: every DAG is told that it comes from `/dags`, which AIRFLOW__CORE__DAGS_FOLDER has to say, too.
"""

import contextlib
import hashlib
import json
import linecache
import sys
from pathlib import Path

with contextlib.redirect_stdout(sys.stderr):
    try:
        from airflow.dag_processing.dagbag import DagBag
        from airflow.serialization.serialized_objects import LazyDeserializedDAG

        def hash_of(dag):
            dag.relative_fileloc = f"{dag.dag_id}.py"
            return LazyDeserializedDAG.from_dag(dag).hash

    except ImportError:
        from airflow.models.dagbag import DagBag
        from airflow.models.serialized_dag import SerializedDagModel

        def hash_of(dag):
            return SerializedDagModel(dag).dag_hash

    file = Path(sys.argv[1]) / "dag.py"
    path_hash = hashlib.sha1(str(file).encode()).hexdigest()
    hashes = {}
    for name, source in json.load(sys.stdin).items():
        file.write_text(source, encoding="utf-8", newline="")
        linecache.clearcache()
        bag = DagBag(dag_folder=str(file))
        if bag.import_errors:
            sys.exit(f"{name}: {bag.import_errors}")
        [dag] = bag.dags.values()
        dag.fileloc = f"/dags/{dag.dag_id}.py"
        for task in dag.tasks:
            # A class of the file itself; 2.11 names its module after a hash of the path.
            if type(task).__module__ == f"unusual_prefix_{path_hash}_dag":
                type(task).__module__ = "dag"
            # A mapped task has noted it.
            if (
                type(task).__name__ == "MappedOperator"
                and task._task_module == f"unusual_prefix_{path_hash}_dag"
            ):
                object.__setattr__(task, "_task_module", "dag")
        hashes[name] = hash_of(dag)
json.dump(hashes, sys.stdout)
