"""A notifier that writes down when Airflow called it, and for what."""

import json
import os
import time

try:
    from airflow.sdk import BaseNotifier
except ImportError:
    from airflow.notifications.basenotifier import BaseNotifier


class RecordingNotifier(BaseNotifier):
    template_fields = ("event",)

    def __init__(self, event):
        super().__init__()
        self.event = event

    def notify(self, context):
        ti = context["ti"]
        told = {
            "event": self.event,
            "dag": ti.dag_id,
            "run": ti.run_id,
            "task": ti.task_id,
            "time": time.time(),
        }
        with open(os.path.join(os.environ["STEPS"], "alerts.jsonl"), "a") as file:
            file.write(json.dumps(told) + "\n")
