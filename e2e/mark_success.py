"""Says that a task of a run has succeeded.

Usage: python mark_success.py DAG RUN TASK
"""

import sys

from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session

dag, run, task = sys.argv[1:]
with create_session() as session:
    found = session.query(TaskInstance).filter_by(dag_id=dag, run_id=run, task_id=task).one()
    found.state = "success"
