"""Prints, as JSON, the hash by which the Airflow that runs this tells one version of a DAG from the next.

Usage: python serialized_hash.py FOLDER
"""

import contextlib
import json
import sys

with contextlib.redirect_stdout(sys.stderr):
    try:
        from airflow.dag_processing.dagbag import DagBag
        from airflow.serialization.serialized_objects import LazyDeserializedDAG

        def hash_of(dag):
            return LazyDeserializedDAG.from_dag(dag).hash

    except ImportError:
        from airflow.models.dagbag import DagBag
        from airflow.models.serialized_dag import SerializedDagModel

        def hash_of(dag):
            return SerializedDagModel(dag).dag_hash

    bag = DagBag(dag_folder=sys.argv[1])
    if bag.import_errors:
        sys.exit(str(bag.import_errors))
    hashes = {dag_id: hash_of(dag) for dag_id, dag in sorted(bag.dags.items())}
json.dump(hashes, sys.stdout)
