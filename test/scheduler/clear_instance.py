"""Clears one instance of a mapped task, and all tasks but it, as a person does in Airflow's pages.

Usage: python clear_instance.py DAG RUN TASK MAP_INDEX
"""

import sys

from airflow.models.taskinstance import TaskInstance, clear_task_instances
from airflow.utils.session import create_session

dag, run, task, index = sys.argv[1:]
with create_session() as session:
    found = session.query(TaskInstance).filter_by(dag_id=dag, run_id=run).all()
    clear_task_instances([ti for ti in found if ti.task_id != task or ti.map_index == int(index)], session)
