"""DAGs of another team: one publishes an asset that a pipeline waits for, one listens to a pipeline."""

import json
import os
from datetime import datetime, timezone

try:
    from airflow.sdk import DAG, Asset, task

    TARIFFS = Asset(name="partner_tariffs", uri="s3://partners/tariffs")
    DATED = Asset(name="dated", uri="pipegen://airflow_3_3/dated")
    EVENTS = "triggering_asset_events"
except ImportError:
    from airflow.datasets import Dataset
    from airflow.decorators import task
    from airflow.models.dag import DAG

    TARIFFS = Dataset("s3://partners/tariffs")
    DATED = Dataset("pipegen://airflow_2_11/dated")
    EVENTS = "triggering_dataset_events"

START = datetime(2025, 1, 1, tzinfo=timezone.utc)

with DAG("theirs", schedule=None, start_date=START):

    @task(outlets=[TARIFFS])
    def publish():
        pass

    publish()

with DAG("listens", schedule=[DATED], start_date=START, catchup=False):

    @task
    def listen(**context):
        events = [event for ones in context[EVENTS].values() for event in ones]
        call = {
            "dag": "listens",
            "run": context["run_id"],
            "partitions": ",".join(event.extra["partitions"] for event in events),
        }
        with open(os.path.join(os.environ["STEPS"], "steps.jsonl"), "a") as file:
            file.write(json.dumps(call) + "\n")

    listen()
